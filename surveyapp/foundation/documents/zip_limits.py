"""What somebody uploads packed (.docx, .xlsx), unpacked by pieces before any library opens it.

A packed file says of itself how large its members are, and zipfile believes it only afterwards: `read()`
inflates a member whole, however large, and then cuts it to the size that was said. So each member is gone
through here first, and has to be what the file says; after that a library may read it.
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Iterator

_CHUNK_BYTES = 65_536
# Word, Excel and LibreOffice use no other; zipfile cannot stop the others half-way.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED_FLAG, _SIZES_FOLLOW_FLAG = 0x1, 0x8
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ZIP64_SIZE = 0xFFFF_FFFF  # the size stands in a longer field


class MisstatedZipMember(Exception):
    """A member of a packed file is not what the file says of it."""

    def __init__(self, member: str) -> None:
        """Keep which member it is."""
        super().__init__(f"{member} is not what the file says of it")
        self.member = member


def member_chunks(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content, at most 64 kB at a time, so that no more than that is ever inflated at once.

    Raises PackedFalsely where it is larger or smaller than the file says, broken, locked or packed strangely.
    """
    # One byte more than it says: where that byte is there, it lied.
    asked = copy.copy(member)
    asked.file_size += 1
    left = member.file_size
    try:
        if not _matches_directory(packed, member):
            raise MisstatedZipMember(member.filename)
        with packed.open(asked) as part:
            while piece := part.read(_CHUNK_BYTES):
                left -= len(piece)
                if left < 0:
                    raise MisstatedZipMember(member.filename)
                yield piece
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
    if left:
        raise MisstatedZipMember(member.filename)


def _matches_directory(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether the header before a member says the same as the list at the end of the file.

    A program that reads the other one would see another file than the one we looked at.
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
