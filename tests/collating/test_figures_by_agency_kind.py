"""The figures of a question by kind of agency: their order and the number of statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.figures_by_agency_kind import figures_by_kind
from surveyapp.collating.filters import Filters
from surveyapp.foundation.words.shares import Share
from tests.collating.example_audits import FORM, audit_of, chose
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_kinds_are_in_the_reports_order_with_those_not_asked(make: Maker) -> None:
    audit = audit_of(make, cases=1, kinds=("police", "health", "gp"))
    for audit_request in make.requests(audit)[:2]:
        make.returned(audit_request, chose("arrests", "yes"))
    kind_figures = figures_by_kind(audit, FORM.question("arrests"), filters=Filters(), rule=DenominatorRule())
    kinds = {
        kind.name: (kind.figures.asked, kind.figures.not_asked, kind.figures.answered)
        for kind in kind_figures
    }
    assert [kind.name for kind in kind_figures] == sorted(kinds)
    assert kinds == {"Health": (0, 1, 0), "Police": (1, 0, 1)}


@pytest.mark.parametrize(("name", "statements"), [("seen", 2), ("alone", 3), ("by_whom", 4), ("file", 2)])
@pytest.mark.parametrize("cases", [1, 6])
def test_the_number_of_statements_does_not_grow(
    make: Maker, queries: Queries, name: str, statements: int, cases: int
) -> None:
    audit = audit_of(make, cases=cases)
    for audit_request in make.requests(audit):
        make.returned(audit_request, chose("seen", "yes"))
    assert audit.title
    with queries(statements):
        figures_by_kind(audit, FORM.question(name), filters=Filters(), rule=DenominatorRule())


def test_answers_that_the_rule_leaves_out_are_in_no_share_of_a_kind(make: Maker) -> None:
    audit = audit_of(make, cases=3, kinds=("police",))
    for audit_request, option in zip(make.requests(audit), ("nurse", "dk", "dk"), strict=True):
        make.returned(
            audit_request, (*chose("seen", "yes"), *chose("alone", "yes"), *chose("by_whom", option))
        )
    for rule, share in ((DenominatorRule(), Share(1, 3)), (DenominatorRule(dont_know=False), Share(1, 1))):
        (police,) = figures_by_kind(audit, FORM.question("by_whom"), filters=Filters(), rule=rule)
        assert (police.figures.answered, police.figures.rows[0].share) == (3, share)
