"""Writes the objects of a PDF one after another; memory use does not grow with the number of pages."""

import zlib
from array import array
from typing import IO

# The number of objects in one compressed object stream.
OBJECTS_PER_STREAM = 200
# The types of entries in the cross-reference stream, then the bytes of each field of an entry:
# type, offset or number of the object stream, index in that stream.
IN_FILE, IN_STREAM = 1, 2
_SORT, _PLACE, _NUMBER = 1, 5, 2
LEVEL = 6


class PdfWriter:
    """Writes a PDF. Objects are numbered from 1 and may be referred to before they are written.

    The output is never read or rewound, so that it may be a member of an archive.
    """

    def __init__(self, output: IO[bytes]) -> None:
        """Write the header: PDF 1.7, which PDF/UA-1 requires."""
        self._output = output
        self._end = 0
        # The fields of the cross-reference entries, by object number; number 0 is unused.
        self._sorts, self._places, self._numbers = bytearray(1), array("Q", [0]), array("H", [0])
        self._waiting: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """Give a number for an object that will be written later."""
        self._sorts.append(0)
        self._places.append(0)
        self._numbers.append(0)
        return len(self._sorts) - 1

    def put(self, number: int, body: bytes) -> None:
        """Write an object that is not a stream under a reserved number."""
        self._waiting.append((number, body))
        if len(self._waiting) == OBJECTS_PER_STREAM:
            self._pack()

    def add(self, body: bytes) -> int:
        """Write an object that is not a stream, and give its number."""
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, content: bytes, about: bytes = b"", *, packed: bool = True, number: int = 0) -> int:
        """Write a stream, compressed unless `packed` is False, and give its number."""
        number = number or self.reserve()
        if packed:
            content, about = zlib.compress(content, LEVEL), about + b"/Filter/FlateDecode"
        self._sorts[number], self._places[number] = IN_FILE, self._end
        self._write(b"%d 0 obj<<%s/Length %d>>stream\n" % (number, about, len(content)))
        self._write(content)
        self._write(b"\nendstream endobj\n")
        return number

    def end(self, root: int, info: int, mark: bytes) -> None:
        """Write the cross-reference stream and the trailer; `mark` is the 16-byte file ID."""
        self._pack()
        number = self.reserve()
        self._sorts[number], self._places[number] = IN_FILE, self._end
        rows = bytearray()
        for sort, place, nth in zip(self._sorts, self._places, self._numbers, strict=True):
            rows += sort.to_bytes(_SORT, "big") + place.to_bytes(_PLACE, "big") + nth.to_bytes(_NUMBER, "big")
        begins = self._end
        about = b"/Type/XRef/Size %d/W[%d %d %d]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
            (len(self._sorts), _SORT, _PLACE, _NUMBER, root, info) + (mark.hex().encode(),) * 2
        )
        self.stream(bytes(rows), about, number=number)
        self._write(b"startxref\n%d\n%%%%EOF\n" % begins)

    def _pack(self) -> None:
        """Write the waiting objects as one object stream."""
        if not self._waiting:
            return
        stream = self.reserve()
        heads, bodies, place = [], [], 0
        for nth, (number, body) in enumerate(self._waiting):
            self._sorts[number], self._places[number], self._numbers[number] = IN_STREAM, stream, nth
            heads.append(b"%d %d" % (number, place))
            bodies.append(body)
            place += len(body) + 1
        head = b" ".join(heads) + b"\n"
        about = b"/Type/ObjStm/N %d/First %d" % (len(heads), len(head))
        self._waiting = []
        self.stream(head + b"\n".join(bodies), about, number=stream)

    def _write(self, content: bytes) -> None:
        """Write bytes and count them."""
        self._output.write(content)
        self._end += len(content)


def text_string(text: str) -> bytes:
    """A text as a hexadecimal PDF string, so that none of its characters is taken for syntax."""
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()
