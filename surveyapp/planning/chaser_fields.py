"""WTForms fields in which staff type the days of an audit's chasers."""

import re
from typing import Any

from wtforms import StringField

from surveyapp.planning.models import DEFAULT_CHASERS


class ChaserOffsetsField(StringField):
    """Offsets in working days from the due date, typed as "-5, 0, 3, 7"."""

    def process_data(self, value: object) -> None:
        """Take stored offsets."""
        self.data: Any = tuple(value) if isinstance(value, list | tuple) else DEFAULT_CHASERS

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the numbers typed, with any kind of dash as the minus sign."""
        parts = re.split(r"[\s,;]+", re.sub("[−–]", "-", valuelist[0] if valuelist else "").strip())
        self.data = ()
        for part in filter(None, parts):
            if not re.fullmatch(r"[+-]?\d{1,6}", part):
                raise ValueError(
                    f"“{part}” is not a whole number of working days: write them like -5, 0, 3, 7"
                )
        self.data = tuple(int(part) for part in parts if part)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ", ".join(str(offset) for offset in self.data)


class EscalationOffsetField(StringField):
    """One offset in working days from the due date, or none."""

    def process_data(self, value: object) -> None:
        """Take a stored offset."""
        self.data: Any = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the number typed."""
        text = re.sub("[−–]", "-", valuelist[0].strip()) if valuelist else ""
        self.data = None
        if text and not re.fullmatch(r"[+-]?\d{1,6}", text):
            raise ValueError(f"“{text}” is not a whole number of working days: write one like 3")
        self.data = int(text) if text else None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)
