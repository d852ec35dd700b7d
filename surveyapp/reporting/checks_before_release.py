"""Everything that a brief is checked for before it leaves."""

from surveyapp.reporting.brief import Brief, BriefFacts
from surveyapp.reporting.checks import CHECKS, Flag, personal_details
from surveyapp.reporting.checks_consistency import consistency
from surveyapp.reporting.checks_small_numbers import small_numbers


def flags_of(brief: Brief, facts: BriefFacts) -> tuple[Flag, ...]:
    """What there is to look at, each thing once: figures and facts first, then numbers, then details."""
    found = (*consistency(brief, facts), *small_numbers(brief, facts), *personal_details(brief, facts))
    once = {each.key: each for each in found}
    order = list(CHECKS)
    return tuple(sorted(once.values(), key=lambda each: order.index(each.check)))
