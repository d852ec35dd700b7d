"""Checks uploaded ZIP-based files (.docx, .xlsx) in chunks before a library opens them.

zipfile's `read()` inflates a member completely, however large, and only then cuts it to the size stated in
the file. So each member is read here first and must be as large as stated; after that a library may open it.
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Iterator

_CHUNK_BYTES = 65_536
# Word, Excel and LibreOffice use no other methods, and zipfile cannot stop the others half-way.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED_FLAG, _SIZES_FOLLOW_FLAG = 0x1, 0x8
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ZIP64_SIZE = 0xFFFF_FFFF  # means that the size is in the longer ZIP64 field


class MisstatedZipMember(Exception):
    """A member of a ZIP file does not match the size or checksum stated for it."""

    def __init__(self, member: str) -> None:
        """Keep the member's name."""
        super().__init__(f"{member} is not what the file says of it")
        self.member = member


def member_chunks(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in chunks of at most 64 kB, so that memory holds no more at once.

    Raises MisstatedZipMember if it is larger or smaller than stated, damaged, encrypted or compressed by an
    unusual method.
    """
    # Read one byte more than stated: if it exists, the stated size is wrong.
    one_byte_more = copy.copy(member)
    one_byte_more.file_size += 1
    bytes_left = member.file_size
    try:
        if not _matches_directory(packed, member):
            raise MisstatedZipMember(member.filename)
        with packed.open(one_byte_more) as content:
            while chunk := content.read(_CHUNK_BYTES):
                bytes_left -= len(chunk)
                if bytes_left < 0:
                    raise MisstatedZipMember(member.filename)
                yield chunk
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise MisstatedZipMember(member.filename) from error
    if bytes_left:
        raise MisstatedZipMember(member.filename)


def _matches_directory(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether the member's local header agrees with the central directory at the end of the file.

    A program that reads the other of the two would see a different file from the one that we checked.
    """
    if packed.fp is None or member.compress_type not in _METHODS or member.flag_bits & _ENCRYPTED_FLAG:
        return False
    packed.fp.seek(member.header_offset)
    header = _LOCAL_HEADER.unpack(packed.fp.read(_LOCAL_HEADER.size))
    flags, method, checksum, packed_size, size = header[2], header[3], *header[6:9]
    unknown = {0} if flags & _SIZES_FOLLOW_FLAG else set()
    return (
        method == member.compress_type
        and not flags & _ENCRYPTED_FLAG
        and checksum in {member.CRC, *unknown}
        and packed_size in {member.compress_size, _ZIP64_SIZE, *unknown}
        and size in {member.file_size, _ZIP64_SIZE, *unknown}
    )
