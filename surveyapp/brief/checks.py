"""Everything that a brief is checked for before it leaves."""

from surveyapp.brief.brief import AuditFacts, Brief
from surveyapp.checks.consistency import consistency_flags, organisations_left_out
from surveyapp.checks.flags import Flag, brief_sentences, distinct_flags
from surveyapp.checks.personal_details import personal_detail_flags
from surveyapp.checks.small_numbers import small_number_flags


def brief_flags(brief: Brief, facts: AuditFacts) -> tuple[Flag, ...]:
    """What there is to look at, each thing once: figures and facts first, then numbers, then details."""
    texts = tuple(brief_sentences(brief))
    return distinct_flags(
        (
            *consistency_flags(texts, facts),
            *organisations_left_out(texts, facts),
            *small_number_flags(texts, facts),
            *personal_detail_flags(texts, facts),
        )
    )
