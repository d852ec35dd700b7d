"""Schema of a set-up file: one audit, its agencies with their contacts, and its cases."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, StringConstraints

from surveyapp.agencies.directory_import.imported_agencies import ImportedAgency, ImportedContact
from surveyapp.agencies.models import CONTACT_ROLES
from surveyapp.defining.mistakes import Mistake
from surveyapp.defining.question_parts import FrozenFormModel
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, Age
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.grid.grid import grid_in_words
from surveyapp.planning.models import DEFAULT_CHASERS
from surveyapp.planning.setup.setup_values import (
    Day,
    LongLine,
    Name,
    PersonName,
    Phrase,
    Pseudonym,
    Reference,
    ShortLine,
    Text,
    WholeNumber,
    _as_address,
    _as_age,
    _choice_validator,
    _or_none,
)


class SetUpContact(FrozenFormModel):
    """A contact of an agency."""

    name: PersonName
    email: Annotated[str, BeforeValidator(_as_address)]
    telephone: ShortLine = ""
    role: Annotated[str, _choice_validator(CONTACT_ROLES, "role of a contact", CONTACT_ROLES)] = "lead"

    @property
    def imported(self) -> ImportedContact:
        """This contact as it is compared with the directory."""
        states_role = "role" in self.model_fields_set
        return ImportedContact(self.name, self.email, self.telephone, self.role, states_role)


class SetUpAgency(FrozenFormModel):
    """An agency; one of the same name in the directory is reused, and then the kind may be left out."""

    name: Name
    kind: Annotated[str, _choice_validator(AGENCY_KINDS, "kind of agency", tuple(AGENCY_KINDS.values()))] = ""
    contacts: tuple[SetUpContact, ...] = ()

    @property
    def imported(self) -> ImportedAgency:
        """This agency as it is compared with the directory."""
        return ImportedAgency(self.name, self.kind, tuple(contact.imported for contact in self.contacts))


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
    # Each agency’s own reference for its file on this child, by the name of the agency.
    references: dict[Name, Reference] = Field(default_factory=dict)

    @property
    def details(self) -> CaseDetails:
        """The details of this case."""
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
    """The whole content of a set-up file."""

    audit: Name
    form: Name
    theme: LongLine = ""
    theme_reason: Text = ""
    emphasis: Literal["", "quantitative", "qualitative", "both"] = ""
    period_reviewed: LongLine = ""
    audit_lead: LongLine = ""
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
    _notices: tuple[Mistake, ...] = PrivateAttr(())
    _agency_places: tuple[Mistake, ...] = PrivateAttr(())

    @property
    def notices(self) -> tuple[Mistake, ...]:
        """Corrections made while reading, and doubtful entries; each with its place, as a mistake has."""
        return self._notices

    def notice_about_agency(self, number: int, words: str) -> Mistake:
        """A notice about an agency of the file, by its number from 0, with its place."""
        return replace(self._agency_places[number], message=words)

    @property
    def details(self) -> AuditDetails:
        """The details of the audit."""
        taken = set(AuditDetails.__dataclass_fields__) - {"title", "form_id"}
        values: dict[str, Any] = {name: getattr(self, name) for name in taken}
        return AuditDetails(title=self.audit, form_id=self.form, **values)

    @property
    def imported_agencies(self) -> tuple[ImportedAgency, ...]:
        """The agencies as they are compared with the directory."""
        return tuple(agency.imported for agency in self.agencies)

    @property
    def size(self) -> str:
        """The size in words: 15 cases, 9 agencies, 90 requests."""
        asked = [name_key(name) for case in self.cases for name in case.agencies]
        return grid_in_words(sum(bool(case.agencies) for case in self.cases), len(set(asked)), len(asked))

    def with_repeats_merged(
        self,
        agencies: tuple[SetUpAgency, ...],
        cases: tuple[SetUpCase, ...],
        *,
        notices: tuple[Mistake, ...],
        agency_places: tuple[Mistake, ...],
    ) -> "SetUp":
        """The same set-up with repeats merged, with notices and the place of each agency in the file."""
        merged = self.model_copy(update={"agencies": agencies, "cases": cases})
        merged._notices = notices  # noqa: SLF001 — its own
        merged._agency_places = agency_places  # noqa: SLF001 — likewise
        return merged
