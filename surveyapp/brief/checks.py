"""Everything that a brief is checked for before it leaves."""

from surveyapp.brief.brief import Brief, BriefFacts
from surveyapp.checks.consistency import consistency, organisations_left_out
from surveyapp.checks.flags import Flag, once_each, sentences
from surveyapp.checks.personal_details import personal_details
from surveyapp.checks.small_numbers import small_numbers


def flags_of(brief: Brief, facts: BriefFacts) -> tuple[Flag, ...]:
    """What there is to look at, each thing once: figures and facts first, then numbers, then details."""
    texts = tuple(sentences(brief))
    return once_each(
        (
            *consistency(texts, facts),
            *organisations_left_out(texts, facts),
            *small_numbers(texts, facts),
            *personal_details(texts, facts),
        )
    )
