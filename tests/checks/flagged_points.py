"""The flags of a single point in a brief."""

from dataclasses import replace

from surveyapp.brief.brief import BriefText
from surveyapp.brief.checks import brief_flags
from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag
from tests.brief.briefs import FACTS, brief

PLAIN = BriefText(cohort="with a plan")


def flags_of(text: str, facts: AuditFacts = FACTS) -> list[Flag]:
    """The flags of a brief with this one point under its worries."""
    made = brief(facts, replace(PLAIN, worries=(text,)))
    return [flag for flag in brief_flags(made, facts) if flag.block == "worries"]


def flagged(text: str, check: str, facts: AuditFacts = FACTS) -> list[tuple[str, str]]:
    return [(flag.wording, flag.says) for flag in flags_of(text, facts) if flag.check == check]
