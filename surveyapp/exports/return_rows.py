"""What an export says of a case, an agency and a return: pseudonyms and kinds, no contact and no address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from surveyapp.agencies.models import AGENCY_KINDS
from surveyapp.answering.models import NIL_REASONS
from surveyapp.collating.age_bands import AGE_BAND_WORDS, age_band_name
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class CaseFacts:
    """A case as exports name it."""

    pseudonym: str
    age_band: str
    gender: str
    category: str
    plan: str

    @classmethod
    def of(cls, case: Case) -> Self:
        """The facts of a case that stand beside its answers."""
        return cls(case.pseudonym, AGE_BAND_WORDS[age_band_name(case)], case.gender, case.category, case.plan)


@dataclass(frozen=True)
class AgencyFacts:
    """An agency as exports name it: no contact, no address."""

    name: str
    kind: str

    @property
    def kind_in_words(self) -> str:
        """Its kind, as pages say it."""
        return AGENCY_KINDS.get(self.kind, self.kind)


@dataclass(frozen=True)
class ReturnRow:
    """One return that came in, with its answers in clear; one that is nil has none."""

    case: CaseFacts
    agency: AgencyFacts
    reference: str
    returned_at: datetime
    is_late: bool
    nil_reason: str
    whereabouts: str
    given: tuple[GivenAnswer, ...]
    not_asked: frozenset[str]

    @property
    def nil_in_words(self) -> str:
        """Why there was nothing to audit; empty when there was."""
        return NIL_REASONS.get(self.nil_reason, self.nil_reason)
