"""A child on the list as it is kept: without a name, a birth date, a number or an address (stories B9)."""

from dataclasses import dataclass
from datetime import date

from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS, age_band_of
from surveyapp.planning.cases.ages import Age

NOT_RECORDED = "not recorded"
# By what a sample is balanced (R2014 2.1.6), in the order of the page; each with its words.
ATTRIBUTES = {"gender": "Gender", "category": "Category", "age": "Age"}


@dataclass(frozen=True, slots=True)
class ListedChild:
    """One child on the list. `interval` is in whole months from the end of the previous plan to this one.

    `plans` counts the plans with this one; None: the list does not say. `sibling_group` is a letter of ours,
    and empty for a child without brothers or sisters on the list.
    """

    age: Age
    gender: str = ""
    category: str = ""
    plan: str = ""
    began_on: date | None = None
    interval: int | None = None
    plans: int | None = None
    sibling_group: str = ""

    @property
    def is_repeat(self) -> bool:
        """Whether the plan follows an earlier one."""
        return self.interval is not None or (self.plans or 1) > 1

    @property
    def profile(self) -> tuple[str, str, str]:
        """The values by which a sample is balanced, in the order of ATTRIBUTES."""
        band = AGE_BAND_WORDS[age_band_of(self.age.months, unborn=self.age.unborn)]
        return self.gender or NOT_RECORDED, self.category or NOT_RECORDED, band

    @property
    def in_words(self) -> str:
        """The child for a line of a page: girl, 3 years 2 months, neglect."""
        gender = {"female": "girl", "male": "boy"}.get(self.gender, self.gender)
        parts = (gender, str(self.age) or "age not known", self.category, self.plan)
        return ", ".join(filter(None, parts))
