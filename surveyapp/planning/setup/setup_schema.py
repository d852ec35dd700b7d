"""A set-up as a file says it: an audit, its agencies with their contacts, its cases."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, StringConstraints

from surveyapp.agencies.models import AGENCY_KINDS, CONTACT_ROLES
from surveyapp.defining.definition import FrozenFormModel
from surveyapp.foundation.words.clean_text import (
    address_problem,
    clean_address,
    clean_line,
    clean_text,
    is_address,
)
from surveyapp.planning.ages import AGE_NOT_KNOWN, Age, read_age
from surveyapp.planning.details import AuditDetails, CaseDetails
from surveyapp.planning.models import DEFAULT_CHASERS
from surveyapp.planning.pseudonyms import LONGEST_PSEUDONYM
from surveyapp.planning.queries import grid_in_words
from surveyapp.planning.references import LONGEST_REFERENCE

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_text(value: object) -> object:
    """Text of several lines as we keep it; a number or a day becomes the text it looks like."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return str(value)
    return clean_text(value).strip() if isinstance(value, str) else value


def as_line(value: object) -> object:
    """One line of text as we keep it."""
    text = as_text(value)
    return clean_line(text) if isinstance(text, str) else text


def as_day(value: object) -> object:
    """A day: a real one of a workbook, or ISO text. Raises ValueError, in a sentence, for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")
    except ValueError:
        kind = "a number" if isinstance(value, int | float) else "not a day"
        raise ValueError(f"“{text}” is {kind}: write a day like 2026-12-01") from None


def _as_age(value: object) -> object:
    return value if isinstance(value, Age) else read_age(str(as_line(value) or ""))


def _as_address(value: object) -> str:
    text = clean_address(str(value or ""))
    if not is_address(text):
        raise ValueError(address_problem(text))
    return text


def _choice_validator(words: dict[str, str], what: str, offered: Iterable[str]) -> BeforeValidator:
    def read(value: object) -> str:
        text = str(as_line(value) or "")
        found = _choice_named(text, words)
        if found is None:
            raise ValueError(f"“{text}” is no {what}; there are {', '.join(offered)}")
        return found

    return BeforeValidator(read)


def _choice_named(text: str, words: dict[str, str]) -> str | None:
    """The id that a text is, or whose words on our pages it is, with straight or curly apostrophes."""
    return next(
        (
            name
            for name, label in words.items()
            if _comparable(text) in {_comparable(name), _comparable(label)}
        ),
        None,
    )


def agency_kind_named(text: str) -> str | None:
    """The kind of agency that a text names, by its id or its words."""
    return _choice_named(text, AGENCY_KINDS)


def _comparable(text: str) -> str:
    return text.casefold().replace("’", "'").replace("_", " ")


def _or_none(value: object) -> object:
    return None if value == "" else value


Name = Annotated[str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=200)]
LongLine = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=200)]
ShortLine = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=40)]
Phrase = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=80)]
Text = Annotated[str, BeforeValidator(as_text), StringConstraints(max_length=20_000)]
Pseudonym = Annotated[
    str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=LONGEST_PSEUDONYM)
]
Reference = Annotated[
    str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=LONGEST_REFERENCE)
]
Day = Annotated[date | None, BeforeValidator(as_day)]
WholeNumber = Annotated[int, Field(strict=True)]


class SetUpContact(FrozenFormModel):
    """Someone who answers for an agency."""

    name: Name
    email: Annotated[str, BeforeValidator(_as_address)]
    telephone: ShortLine = ""
    role: Annotated[str, _choice_validator(CONTACT_ROLES, "role of a contact", CONTACT_ROLES)] = "lead"


class SetUpAgency(FrozenFormModel):
    """An agency, reused by its name when the directory has it."""

    name: Name
    kind: Annotated[str, _choice_validator(AGENCY_KINDS, "kind of agency", tuple(AGENCY_KINDS.values()))]
    contacts: tuple[SetUpContact, ...] = ()


class SetUpCase(FrozenFormModel):
    """A case by pseudonym, and the agencies that are asked about it."""

    case: Pseudonym
    age: Annotated[Age, BeforeValidator(_as_age)] = AGE_NOT_KNOWN
    gender: ShortLine = ""
    category: Phrase = ""
    plan: Phrase = ""
    sibling_group: ShortLine = ""
    needs: tuple[Annotated[Phrase, StringConstraints(min_length=1)], ...] = ()
    agencies: tuple[Name, ...] = ()
    # What an agency itself calls its file on this child, by the agency’s name.
    references: dict[Name, Reference] = Field(default_factory=dict)

    @property
    def details(self) -> CaseDetails:
        """This case as planning takes it."""
        return CaseDetails(
            pseudonym=self.case,
            age=self.age,
            gender=self.gender,
            category=self.category,
            plan=self.plan,
            sibling_group=self.sibling_group,
            needs=self.needs,
        )


class SetUp(FrozenFormModel):
    """Everything that one set-up file says."""

    audit: Name
    form: Name
    theme: LongLine = ""
    terms_of_reference: Text = ""
    aim: Text = ""
    authority: Text = ""
    key_message: Text = ""
    issue_on: Day = None
    due_on: Day = None
    close_on: Day = None
    chasers: tuple[WholeNumber, ...] = DEFAULT_CHASERS
    escalate_from: Annotated[WholeNumber | None, BeforeValidator(_or_none)] = None
    ask_for_code: Annotated[bool | None, BeforeValidator(_or_none)] = None
    agencies: Annotated[tuple[SetUpAgency, ...], Field(min_length=1)]
    cases: Annotated[tuple[SetUpCase, ...], Field(min_length=1)]
    _notices: tuple[str, ...] = PrivateAttr(())

    @property
    def notices(self) -> tuple[str, ...]:
        """What was put right while reading, and what issue will point out; each with its place."""
        return self._notices

    @property
    def details(self) -> AuditDetails:
        """The audit as planning takes it."""
        taken = set(AuditDetails.__dataclass_fields__) - {"title", "form_id"}
        said: dict[str, Any] = {name: getattr(self, name) for name in taken}
        return AuditDetails(title=self.audit, form_id=self.form, **said)

    @property
    def size(self) -> str:
        """How large it is: 15 cases, 9 agencies, 90 requests."""
        asked = [name.casefold() for case in self.cases for name in case.agencies]
        return grid_in_words(sum(bool(case.agencies) for case in self.cases), len(set(asked)), len(asked))

    def with_repeats_merged(
        self, agencies: tuple[SetUpAgency, ...], cases: tuple[SetUpCase, ...], notices: tuple[str, ...]
    ) -> "SetUp":
        """The same set-up with repeats merged, and what is said about it."""
        found = self.model_copy(update={"agencies": agencies, "cases": cases})
        found._notices = notices  # noqa: SLF001 — its own
        return found
