"""Parts of a question in an audit form: options, lines, condition and role, and the types of their values."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from surveyapp.foundation.words.clean_text import clean_text


def _as_text(value: object) -> object:
    """The text that a number or a true/false was written as, since labels of a form file stay text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return clean_text(value).strip() if isinstance(value, str) else value


AsText = BeforeValidator(_as_text)


# Ids become column values, field names and parts of HTML ids, so they are short and plain.
Id = Annotated[str, AsText, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


OptionValue = Annotated[str, AsText, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]


# A day such as 2020-09-01, or the day on which the answer is returned.
TODAY = "today"
DayBound = Annotated[str, AsText, StringConstraints(pattern=rf"^({TODAY}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$")]


# Only true and false, since "yes" is text in a form file.
YesOrNo = Annotated[bool, Field(strict=True)]


Line = Annotated[str, AsText, StringConstraints(min_length=1, max_length=2_000)]


class FrozenFormModel(BaseModel):
    """A part of a form file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Option(FrozenFormModel):
    """One answer that may be chosen."""

    value: OptionValue
    label: Line
    short: Line | None = None
    # What it means, such as the partnership's descriptor of a grade.
    hint: Line | None = None
    counts_as: Literal["not_applicable", "dont_know"] | None = None
    raises_concern: YesOrNo = False

    @property
    def name(self) -> str:
        """The name in charts and messages."""
        return self.short or self.label

    @property
    def wording(self) -> str:
        """Its label, with its hint where it has one, as documents print the form."""
        return f"{self.label}: {self.hint}" if self.hint else self.label


class Statement(FrozenFormModel):
    """One line of a checklist, ticked or not."""

    id: Id
    label: Line
    short: Line | None = None
    hint: Line | None = None

    @property
    def name(self) -> str:
        """The name in charts and messages."""
        return self.short or self.label

    @property
    def wording(self) -> str:
        """Its label, with its hint where it has one, as documents print the form."""
        return f"{self.label}: {self.hint}" if self.hint else self.label


class ShowIf(FrozenFormModel):
    """Ask a question only if an earlier one is, is not, or is one of these."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    question: Id
    is_: OptionValue | None = Field(default=None, alias="is")
    is_not: OptionValue | None = None
    one_of: tuple[OptionValue, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _says_one_thing(self) -> "ShowIf":
        if sum(rule is not None for rule in (self.is_, self.is_not, self.one_of)) != 1:
            raise ValueError('show_if takes exactly one of "is", "is_not" and "one_of"')
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """The options that this condition names."""
        return self.one_of or tuple(value for value in (self.is_, self.is_not) if value is not None)

    def holds(self, chosen: frozenset[str]) -> bool:
        """Whether the choices in the earlier question let this one be asked. Never if nothing is chosen."""
        if self.is_not is not None:
            return bool(chosen) and self.is_not not in chosen
        return not chosen.isdisjoint(self.options)


class Role(FrozenFormModel):
    """The answers about something that one agency does for a child: the one that does it, and the others."""

    own: OptionValue
    another: OptionValue
