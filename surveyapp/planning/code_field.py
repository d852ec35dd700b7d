"""The WTForms field with which staff choose when contacts are asked for a code."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

# "as_needed" is the default, stored as None.
ASK_FOR_CODE = {
    "as_needed": "As soon as the audit holds any agency’s own reference",
    "yes": "Always",
    "no": "Never",
}
_CODE_VALUES: dict[object, bool | None] = {"as_needed": None, "yes": True, "no": False}


class AskForCodeField(RadioField):
    """Whether a contact is asked for a code: always, never, or as needed."""

    def __init__(self, label: str, **options: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the three choices."""
        choices = [SelectChoice(value, words) for value, words in ASK_FOR_CODE.items()]
        super().__init__(label, choices=choices, coerce=self._read, **options)

    @staticmethod
    def _read(value: object) -> bool | None:
        """The stored value of a choice; KeyError for anything else."""
        if isinstance(value, bool):
            return value
        return _CODE_VALUES[value]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the choice; a page without this field leaves the stored value as it was."""
        if not valuelist:
            return
        if valuelist[0] not in _CODE_VALUES:
            raise ValueError("Choose when agencies are asked for a code")
        self.data = _CODE_VALUES[valuelist[0]]
