"""Cases, agencies and returns as exports show them, without contacts and addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from surveyapp.answering.models import NIL_REASONS, RECEIVED_BY
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS, age_band_name
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class CaseFacts:
    """A case as exports show it."""

    pseudonym: str
    age_band: str
    gender: str
    category: str
    plan: str

    @classmethod
    def of(cls, case: Case) -> Self:
        """The facts of a stored case."""
        return cls(case.pseudonym, AGE_BAND_WORDS[age_band_name(case)], case.gender, case.category, case.plan)


@dataclass(frozen=True)
class AgencyFacts:
    """An agency as exports show it."""

    name: str
    kind: str

    @property
    def kind_in_words(self) -> str:
        """Its kind in the words of the pages."""
        return AGENCY_KINDS.get(self.kind, self.kind)


@dataclass(frozen=True)
class ReturnRow:
    """One return with its decrypted answers; a nil return has none.

    `not_asked` holds the ids of the questions that its agency was not asked.
    """

    case: CaseFacts
    agency: AgencyFacts
    reference: str
    returned_at: datetime
    is_late: bool
    nil_reason: str
    whereabouts: str
    given: tuple[GivenAnswer, ...]
    not_asked: frozenset[str]
    # How staff who keyed it in got it, one of RECEIVED_BY; empty if the contact sent it.
    received_by: str = ""

    @property
    def keyed_in(self) -> str:
        """That staff keyed it in, and how it came, in words without a name; empty if the contact sent it."""
        return f"keyed in, {RECEIVED_BY[self.received_by]}" if self.received_by else ""

    @property
    def nil_in_words(self) -> str:
        """The reason of a nil return in words; empty for a return with answers."""
        return NIL_REASONS.get(self.nil_reason, self.nil_reason)
