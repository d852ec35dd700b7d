"""What staff enter for a case, on a page or in a set-up file."""

from dataclasses import dataclass

from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, Age

GENDERS = ("female", "male", "non-binary", "not known")
CATEGORIES = ("neglect", "emotional abuse", "physical abuse", "sexual abuse")
PLANS = ("child protection", "child in need", "early help", "looked after")


@dataclass(frozen=True)
class CaseDetails:
    """The details of one child's case, by pseudonym."""

    pseudonym: str
    age: Age = AGE_NOT_KNOWN
    gender: str = ""
    category: str = ""
    plan: str = ""
    sibling_group: str = ""
    needs: tuple[str, ...] = ()
