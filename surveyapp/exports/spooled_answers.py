"""Answers kept aside while a file is built: on disk once they are many, and encrypted as they were stored."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

# Question, line, option, and what was written, encrypted as the database keeps it.
StoredAnswer = tuple[str, str, str, bytes | None]

MOST_BYTES_IN_MEMORY = 4_000_000


class SpooledAnswers:
    """The answers of each return, one after another; nothing of it stays once it is closed.

    What agencies wrote stays encrypted here, so that no disk ever holds it in clear on our account.
    """

    def __init__(self) -> None:
        """Begin with nothing; the first 4 MB stay in memory."""
        self._file = tempfile.SpooledTemporaryFile(max_size=MOST_BYTES_IN_MEMORY)  # noqa: SIM115 — `close` closes it
        # Where each return begins, and how long the list of its answers is; what was written follows it.
        self._places: list[tuple[int, int]] = []
        self._end = 0

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, answers: Iterable[StoredAnswer]) -> None:
        """Keep the answers of the next return."""
        heads: list[tuple[str, str, str, int | None]] = []
        texts: list[bytes] = []
        for question, line, option, text in answers:
            heads.append((question, line, option, None if text is None else len(text)))
            texts.append(text or b"")
        listed, written = json.dumps(heads).encode(), b"".join(texts)
        self._file.seek(self._end)
        self._file.write(listed)
        self._file.write(written)
        self._places.append((self._end, len(listed)))
        self._end += len(listed) + len(written)

    def at(self, number: int, question: str | None = None) -> list[StoredAnswer]:
        """The answers of one return, to one question if it is named; `number` counts from 0."""
        begin, length = self._places[number]
        self._file.seek(begin)
        place, found = begin + length, list[StoredAnswer]()
        for name, line, option, size in json.loads(self._file.read(length)):
            # A workbook's comments go question by question: what is not asked for is not read either.
            if question is None or question == name:
                found.append((name, line, option, None if size is None else self._text(place, size)))
            place += size or 0
        return found

    def _text(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        return self._file.read(size)

    def __iter__(self) -> Iterator[list[StoredAnswer]]:
        return (self.at(number) for number in range(len(self)))

    def close(self) -> None:
        """Let go of everything."""
        self._file.close()
