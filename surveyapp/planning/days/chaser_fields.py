"""WTForms fields in which staff choose the days of an audit’s chasers."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from wtforms import StringField

from surveyapp.planning.models import DEFAULT_CHASERS

_OFFSET = re.compile(r"[+-]?\d{1,6}")


class _Choice(NamedTuple):
    """An option of a list, as the macro writes it."""

    value: str
    label: str
    selected: bool


class ChaserOffsetsField(StringField):
    """Offsets in working days from the due date: a ticked box each, or several in one text, "-5, 0, 3, 7"."""

    def process_data(self, value: object) -> None:
        """Take stored offsets."""
        self.data: Any = tuple(value) if isinstance(value, list | tuple) else DEFAULT_CHASERS

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the numbers posted, with any kind of dash as the minus sign."""
        parts = re.split(r"[\s,;]+", re.sub("[−–]", "-", " ".join(valuelist)).strip())
        self.data = ()
        for part in filter(None, parts):
            if not _OFFSET.fullmatch(part):
                raise ValueError(f"“{part}” is not a number of working days: tick the days again")
        self.data = tuple(int(part) for part in parts if part)


class EscalationOffsetField(StringField):
    """One offset in working days from the due date, or none, chosen from a list."""

    _offered: tuple[tuple[int, str], ...] = ()

    def process_data(self, value: object) -> None:
        """Take the stored offset."""
        self.data: Any = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the number posted."""
        text = re.sub("[−–]", "-", valuelist[0].strip()) if valuelist else ""
        self.data = None
        if text and not _OFFSET.fullmatch(text):
            raise ValueError(f"“{text}” is not a number of working days: choose a chaser again")
        self.data = int(text) if text else None

    def offer(self, chasers: Iterable[tuple[int, str]]) -> None:
        """Offer these chasers, each its offset and its words, besides “never”."""
        self._offered = tuple(chasers)

    def iter_choices(self) -> Iterator[_Choice]:
        """The choices of the list."""
        yield _Choice("", "Never", self.data is None)
        for offset, words in self._offered:
            yield _Choice(str(offset), words, self.data == offset)
