"""Answers kept aside while a file is built: on disk once they are many, and encrypted as they were stored."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

# Question, line, option, and what was written, as the database keeps it.
Stored = tuple[str, str, str, str | None]

IN_MEMORY = 4_000_000


class KeptAside:
    """The answers of each return, one after another; nothing of it stays once it is closed.

    What agencies wrote stays encrypted here, so that no disk ever holds it in clear on our account.
    """

    def __init__(self) -> None:
        """Begin with nothing; the first 4 MB stay in memory."""
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — `close` closes it
        self._starts: list[int] = []
        self._end = 0

    def __len__(self) -> int:
        return len(self._starts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, answers: Iterable[Stored]) -> None:
        """Keep the answers of the next return."""
        line = json.dumps(list(answers), ensure_ascii=False).encode() + b"\n"
        self._file.seek(self._end)
        self._file.write(line)
        self._starts.append(self._end)
        self._end += len(line)

    def at(self, number: int) -> list[Stored]:
        """The answers of one return; `number` counts from 0."""
        self._file.seek(self._starts[number])
        return [tuple(each) for each in json.loads(self._file.readline())]

    def __iter__(self) -> Iterator[list[Stored]]:
        return (self.at(number) for number in range(len(self)))

    def close(self) -> None:
        """Let go of everything."""
        self._file.close()
