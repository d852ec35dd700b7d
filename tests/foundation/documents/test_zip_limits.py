"""Zip files with false sizes are refused before they are unpacked."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from surveyapp.foundation.documents.zip_limits import MisstatedZipMember, member_chunks

_LISTED = b"PK\x01\x02"
# The offset of each field in the central directory and in the local header.
_METHOD, _CHECKSUM, _SIZE = (10, 8, "<H"), (16, 14, "<L"), (24, 22, "<L")


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file whose second member has this content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        packed.writestr("first", b"first")
        packed.writestr("second", content)
    return buffer.getvalue()


def misstated(content: bytes, what: tuple[int, int, str], value: int, *, in_header: bool = False) -> bytes:
    """The file with another value for its second member, in the directory or the member's own header."""
    spoilt = bytearray(content)
    listed = content.rindex(_LISTED)
    place = struct.unpack_from("<L", content, listed + 42)[0] + what[1] if in_header else listed + what[0]
    struct.pack_into(what[2], spoilt, place, value)
    return bytes(spoilt)


def unpacked(content: bytes) -> bytes:
    """The second member, read in pieces."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(member_chunks(packed, packed.getinfo("second")))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("content", [b"", b"a", b"abc" * 100_000])
def test_a_member_is_read_completely(content: bytes, method: int) -> None:
    assert unpacked(zipped(content, method)) == content


def test_a_streamed_file_states_its_sizes_only_in_the_directory() -> None:
    class Stream(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, more: bytes) -> int:  # type: ignore[override]  # only bytes are written
            self.written += bytes(more)
            return len(more)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("second", b"abc" * 100)
    assert unpacked(stream.written) == b"abc" * 100


@pytest.mark.parametrize("size", [99, 101, 0])
@pytest.mark.parametrize("in_header", [True, False])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_misstated_size_is_refused(size: int, method: int, *, in_header: bool) -> None:
    with pytest.raises(MisstatedZipMember) as refusal:
        unpacked(misstated(zipped(b"x" * 100, method), _SIZE, size, in_header=in_header))
    assert refusal.value.member == "second"


def test_a_size_misstated_in_both_headers_is_refused_without_unpacking() -> None:
    bomb = zipped(b"0" * 100_000_000)
    for in_header in (True, False):
        bomb = misstated(bomb, _SIZE, 100, in_header=in_header)
    tracemalloc.start()
    with pytest.raises(MisstatedZipMember):
        unpacked(bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2_000_000


def test_damaged_content_is_refused() -> None:
    content = zipped(b"x" * 100)
    for spoilt in (
        misstated(content, _CHECKSUM, 1, in_header=True),
        misstated(content, _CHECKSUM, 1),
        misstated(content, _METHOD, zipfile.ZIP_STORED, in_header=True),
        zipped(b"x" * 100, zipfile.ZIP_BZIP2),
        content.replace(b"second", b"Second", 1),
    ):
        with pytest.raises(MisstatedZipMember):
            unpacked(spoilt)
