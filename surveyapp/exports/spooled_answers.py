"""Spools encrypted answers while a file is built: in memory at first, then in a temporary file."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

# Question, line, option, and the typed text as encrypted in the database.
StoredAnswer = tuple[str, str, str, bytes | None]

MOST_BYTES_IN_MEMORY = 4_000_000


class SpooledAnswers:
    """The answers of a sequence of returns. Closing it deletes them.

    The texts stay encrypted, so that none is written to disk in clear.
    """

    def __init__(self) -> None:
        """Begin empty; up to MOST_BYTES_IN_MEMORY stay in memory."""
        self._file = tempfile.SpooledTemporaryFile(max_size=MOST_BYTES_IN_MEMORY)  # noqa: SIM115 — `close` closes it
        # The offset of each return and the length of the list of its answers; the texts follow the list.
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
        """Append the answers of the next return."""
        entries: list[tuple[str, str, str, int | None]] = []
        texts: list[bytes] = []
        for question, line, option, text in answers:
            entries.append((question, line, option, None if text is None else len(text)))
            texts.append(text or b"")
        answer_list, joined_texts = json.dumps(entries).encode(), b"".join(texts)
        self._file.seek(self._end)
        self._file.write(answer_list)
        self._file.write(joined_texts)
        self._places.append((self._end, len(answer_list)))
        self._end += len(answer_list) + len(joined_texts)

    def at(self, number: int, question: str | None = None) -> list[StoredAnswer]:
        """The answers of one return, or those to one question; `number` counts the returns from 0."""
        begin, length = self._places[number]
        self._file.seek(begin)
        offset, answers = begin + length, list[StoredAnswer]()
        for name, line, option, size in json.loads(self._file.read(length)):
            # The Comments sheet reads one question at a time; other texts are not read from the file.
            if question is None or question == name:
                answers.append((name, line, option, None if size is None else self._text(offset, size)))
            offset += size or 0
        return answers

    def _text(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def __iter__(self) -> Iterator[list[StoredAnswer]]:
        return (self.at(number) for number in range(len(self)))

    def close(self) -> None:
        """Delete all answers."""
        self._file.close()
