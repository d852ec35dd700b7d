"""The objects of a PDF, written one after another: memory does not grow with the pages."""

import zlib
from array import array
from typing import IO

# So many objects share one compressed stream; a reader takes them apart as it needs them.
OBJECTS_PER_STREAM = 200
# What a row of the table of places holds: the sort of place, where or in which stream, which one in it.
IN_FILE, IN_STREAM = 1, 2
_SORT, _PLACE, _NUMBER = 1, 5, 2
LEVEL = 6


class PdfWriter:
    """A PDF under way. Objects have numbers from 1 up; one may be referred to before it is written.

    Nothing is read back and the stream is never wound back, so that it may be a part of an archive.
    """

    def __init__(self, to: IO[bytes]) -> None:
        """Begin with the head: PDF 1.7, as PDF/UA-1 asks for."""
        self._to = to
        self._end = 0
        # By number of the object; number 0 is nobody's.
        self._sorts, self._places, self._numbers = bytearray(1), array("Q", [0]), array("H", [0])
        self._waiting: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """A number for an object that is yet to be written."""
        self._sorts.append(0)
        self._places.append(0)
        self._numbers.append(0)
        return len(self._sorts) - 1

    def put(self, number: int, body: bytes) -> None:
        """Write an object that is no stream."""
        self._waiting.append((number, body))
        if len(self._waiting) == OBJECTS_PER_STREAM:
            self._pack()

    def add(self, body: bytes) -> int:
        """Write an object that is no stream, and give its number."""
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, content: bytes, about: bytes = b"", *, packed: bool = True, number: int = 0) -> int:
        """Write a stream, compressed unless told otherwise, and give its number."""
        number = number or self.reserve()
        if packed:
            content, about = zlib.compress(content, LEVEL), about + b"/Filter/FlateDecode"
        self._sorts[number], self._places[number] = IN_FILE, self._end
        self._write(b"%d 0 obj<<%s/Length %d>>stream\n" % (number, about, len(content)))
        self._write(content)
        self._write(b"\nendstream endobj\n")
        return number

    def end(self, root: int, info: int, mark: bytes) -> None:
        """Write the table of places; `mark` is 16 bytes that no other file has."""
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
        """Write the objects that wait as one stream."""
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
        self._to.write(content)
        self._end += len(content)


def text_string(text: str) -> bytes:
    """Text as a PDF keeps titles: no character of it can end it or begin anything."""
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()
