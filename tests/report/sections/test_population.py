"""The population in section 2.1 of the report: the figures of 2014 come from the list by themselves."""

from typing import Any

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.approval.operations import approve
from surveyapp.planning.approval.state import ApprovalState
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Bullets
from surveyapp.report.report import report_of
from surveyapp.sampling.chosen_operations import make_cases
from surveyapp.sampling.operations import change_rules, store_population
from surveyapp.sampling.queries import sample_of
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import current_report, section_at, words_of
from tests.row_maker import Maker
from tests.sampling.exports import LISTED_ON, RULES_OF_2014, export_of_2014, population_of

ANN: dict[str, Any] = {"actor": "Ann Lee", "now": MONDAY_MORNING}


def sampled(make: Maker, *, plans: int = 202, repeats: int = 34) -> Audit:
    """An audit whose sample of 15 was drawn from a list."""
    audit = make.audit(cases=0, agencies=1, issued=False)
    population = population_of(export_of_2014(plans=plans, repeats=repeats))
    with transaction():
        store_population(audit, population, listed_on=LISTED_ON, keep={}, **ANN)
        change_rules(audit, RULES_OF_2014, size=15, seed=20140116, **ANN)
        make_cases(audit, consulted="executive members", **ANN)
        sample = sample_of(audit)
        assert sample is not None
        approve(
            audit,
            "sample",
            ApprovalState(sample.content, None),
            seen=ApprovalState(sample.content, None).seen,
            roles={"executive"},
            actor="Mo Khan",
            now=MONDAY_MORNING,
        )
    return audit


def test_the_populations_figures_are_those_of_2014(make: Maker) -> None:
    parts = section_at(current_report(sampled(make)), "Audit methodology").sections[0].parts
    text = words_of(parts)
    for words in (
        "On 16 January 2014 there were 202 children on the list",
        "34 of the 202 were on a repeat plan (16.8%).",
        "The children on a repeat plan included 7 sibling groups.",
        "By category, 34 plans were: 23 for neglect and 11 for emotional abuse.",
        "The time between the plans was from 6 months to 10 years.",
        "of whom 15 were chosen.",
        "the seed 20140116 alone decides",
        "The sample was chosen by Ann Lee together with executive members on 30 November 2026.",
        "Mo Khan approved it on 30 November 2026.",
    ):
        assert words in text
    assert Bullets(RULES_OF_2014.in_words()) in parts


def test_the_public_version_has_no_names_and_no_small_numbers(make: Maker) -> None:
    audit = sampled(make, plans=202, repeats=26)
    report = report_of(audit.id, now=MONDAY_MORNING, public=True)
    text = words_of(section_at(report, "Audit methodology").sections[0].parts)
    assert "26 of the 202 were on a repeat plan (12.9%)." in text
    assert "Ann Lee" not in text
    assert "Mo Khan" not in text
    assert "3 for emotional abuse" not in text, "3 is a small number"
    assert "from 6 months" not in text, "the shortest time is of one child"


def test_without_a_list_nothing_is_said_of_a_population(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    assert "on the list" not in words_of(
        section_at(current_report(audit), "Audit methodology").sections[0].parts
    )
