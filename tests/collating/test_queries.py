"""The counts in SQL equal an independent count of the returns."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.figures import Collation, DenominatorRule
from surveyapp.collating.figures_by_agency_kind import figures_by_kind
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.collating.example_audits import FORM, a_return, audit_of, by_hand, chose, counts_of, ticked
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
DRAWN = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def collated(audit: Audit, filters: Filters | None = None) -> Collation:
    return collate(audit, filters=filters, now=MONDAY_MORNING)


def returned(
    make: Maker, audit: Audit, answers: list[tuple[GivenAnswer, ...] | None]
) -> list[tuple[AuditRequest, tuple[GivenAnswer, ...]]]:
    """Return each request with its answers; None leaves it outstanding."""
    pairs = []
    for audit_request, given_answers in zip(make.requests(audit), answers, strict=True):
        if given_answers is not None:
            make.returned(audit_request, given_answers or (GivenAnswer("nothing", option="x"),))
            pairs.append((audit_request, given_answers))
    return pairs


@DRAWN
@given(answers=st.lists(st.none() | a_return(), min_size=6, max_size=6))
def test_counts_in_sql_equal_an_independent_count(
    make: Maker, answers: list[tuple[GivenAnswer, ...] | None]
) -> None:
    audit = audit_of(make, cases=2, kinds=("police", "health", "gp"))
    kinds = [
        (audit_request.agency.kind, given_answers)
        for audit_request, given_answers in returned(make, audit, answers)
    ]
    expected, collation = by_hand(kinds), collated(audit)
    assert collation.returns == len(kinds)
    for figures in collation.questions:
        assert counts_of(figures) == expected[figures.id], figures.id
        assert figures.asked + figures.not_asked == collation.returns
        if figures.question.kind in {"choice", "scale"}:
            assert sum(row.count for row in figures.rows) + figures.not_answered == figures.asked
        for part in figures.parts:
            assert all(row.share is None or row.share.count <= row.share.of for row in part.rows)
    by_number = collation_json(collation)["questions"]
    assert isinstance(by_number, list)
    assert [(question["asked"], question["answered"], question["commented"]) for question in by_number] == [
        (hand.asked, hand.answered, hand.commented) for hand in expected.values()
    ]


def test_outstanding_nil_and_withdrawn_requests_are_in_no_denominator(make: Maker, session: Session) -> None:
    audit = audit_of(make, cases=3)
    requests = make.requests(audit)
    for audit_request in requests[:5]:
        make.returned(audit_request, chose("seen", "yes"))
    nil = make.returned(requests[5], chose("seen", "no"))
    nil.nil_reason = "not_known"
    requests[0].withdrawn_at = MONDAY_MORNING
    make.draft(make.requests(audit_of(make))[0], chose("seen", "no"))
    session.commit()
    collation = collated(audit)
    assert collation.question("seen").rows[0].quoted == "4 of 4 returns (100%)"
    assert (
        collation.tally.requests,
        collation.tally.returned,
        collation.tally.nil,
        collation.tally.withdrawn,
    ) == (
        5,
        5,
        1,
        1,
    )
    assert (collation.returns, collation.cases) == (4, 3)


def test_not_asked_is_neither_not_applicable_nor_not_answered(make: Maker) -> None:
    audit = audit_of(make, cases=1, kinds=("police", "health", "gp"))
    police, health, practice = make.requests(audit)
    make.returned(police, (*chose("seen", "yes"), *chose("arrests", "no")))
    make.returned(health, (*chose("seen", "yes"), *chose("alone", "dk")))
    make.returned(practice, chose("seen", "no"))
    collation = collated(audit)
    arrests, alone, why_not = (collation.question(name) for name in ("arrests", "alone", "why_not"))
    assert (arrests.asked, arrests.not_asked, arrests.not_answered) == (1, 2, 0)
    assert (alone.asked, alone.not_asked, alone.not_answered) == (2, 1, 1)
    assert (why_not.asked, why_not.not_asked) == (0, 3)


def test_answers_behind_a_closed_gate_are_not_counted(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (*chose("seen", "no"), *chose("alone", "yes"), *ticked("file")))
    collation = collated(audit)
    assert (collation.question("alone").asked, collation.question("alone").answered) == (0, 0)
    assert collation.question("why_not").asked == 2


def test_answers_of_an_agency_count_only_while_its_kind_is_asked(make: Maker, session: Session) -> None:
    audit = audit_of(make, cases=1, kinds=("police",))
    (audit_request,) = make.requests(audit)
    make.returned(audit_request, chose("arrests", "yes"))
    audit_request.agency.kind = "health"
    session.commit()
    arrests = collated(audit).question("arrests")
    assert (arrests.asked, arrests.answered, arrests.not_asked) == (0, 0, 1)


def test_an_audit_without_returns_has_questions_but_no_percentages(make: Maker) -> None:
    collation = collated(audit_of(make))
    assert len(collation.questions) == len(FORM.questions)
    assert all(row.share is not None and row.share.percent is None for row in collation.question("seen").rows)
    assert (collation.returns, collation.is_small) == (0, False)


def test_themes_are_in_the_reports_order_and_questions_in_the_forms(make: Maker) -> None:
    collation = collated(audit_of(make))
    assert [theme for _id, theme, _questions in collation.themes] == ["The second theme", "The first theme"]
    assert [figures.question.number for figures in collation.questions] == [2, 4, 6, 8, 1, 3, 5, 7]


def test_a_question_of_an_unknown_kind_is_listed_as_not_collated(make: Maker, session: Session) -> None:
    audit = audit_of(make, cases=1)
    form = json.loads(audit.form_definition)
    form["questions"][0] |= {"kind": "drawing", "short": "The drawing", "colours": ["red"]}
    audit.form_definition = json.dumps(form)
    session.commit()
    make.returned(make.requests(audit)[0], (*chose("seen", "yes"), *chose("grade", "yes")))
    collation = collated(audit)
    # Questions that depend on it cannot be counted either, since it is unknown who was asked.
    assert collation.not_collated == ("The drawing", "Was the child seen alone?", "Who saw the child?")
    assert collation.question("grade").answered == 1
    assert collation_json(collation)["not_collated"] == list(collation.not_collated)
    assert AuditForm.from_json(audit.form_definition).questions[0].id == "file"


@pytest.mark.parametrize("cases", [2, 12])
def test_the_number_of_statements_does_not_grow_with_returns_and_no_text_is_read(
    make: Maker, queries: Queries, cases: int
) -> None:
    audit = audit_of(make, cases=cases)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (*chose("seen", "yes"), GivenAnswer("why_not", text="Lost.")))
    assert audit.title
    # Three for the returns and their tally, one for the questions without a gate, and two for each of three
    # questions with a gate, or three where a return may give several answers.
    with queries(11) as statements:
        collated(audit)
    assert not any("survey_answer.text" in statement for statement in statements)
    plain = make.audit(cases=2, returned=3)
    assert plain.title
    with queries(4):
        collated(plain)


def test_a_return_with_dont_know_and_another_answer_stays_in_the_denominator(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    options_chosen: tuple[tuple[str, ...], ...] = (("nurse", "dk"), ("nurse",), ("dk",), ("teacher",))
    for audit_request, options in zip(make.requests(audit), options_chosen, strict=True):
        there = (*chose("seen", "yes"), *chose("alone", "yes"))
        make.returned(audit_request, (*there, *(GivenAnswer("by_whom", option=option) for option in options)))
    rule = DenominatorRule(dont_know=False)
    figures = collate(audit, rule=rule, now=MONDAY_MORNING).question("by_whom")
    assert [row.quoted for row in figures.rows] == [
        "2 of 3 returns (66.7%)",
        "0 of 3 returns (0%)",
        "1 of 3 returns (33.3%)",
        "2 returns, left out of the figures",
    ]
    assert figures.answered == 4
    for kind in figures_by_kind(audit, figures.question, filters=Filters(), rule=rule):
        alone = collate(audit, filters=Filters(kinds=(kind.kind,)), rule=rule, now=MONDAY_MORNING)
        assert kind.figures == alone.question("by_whom")


def test_two_filters_keep_returns_that_match_both(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, chose("seen", "yes"))
    one = Filters(kinds=("police",)).only_case(audit.cases[0].id)
    assert (collated(audit, one).returns, collated(audit, replace(one, cases=())).returns) == (1, 2)
    assert collated(audit, Filters(genders=("nobody’s",))).returns == 0


def test_drafts_are_in_no_figure(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    returned_one, saved, *_outstanding = make.requests(audit)
    make.returned(returned_one, chose("seen", "yes"))
    make.draft(saved, chose("seen", "no"))
    found = collated(audit)
    assert (found.returns, found.cases) == (1, 1)
    assert [row.count for row in found.question("seen").rows] == [1, 0, 0, 0]
    assert found.question("seen").rows[0].quoted == "1 of 1 return (100%)"


def test_questions_that_nobody_answered_with_dont_know_are_not_among_those_with_most(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    for number, audit_request in enumerate(make.requests(audit)):
        more = chose("alone", "dk") if number else ()
        make.returned(audit_request, (*chose("seen", "yes"), *more))
    found = collated(audit).most_dont_know
    assert [(figures.id, row.count) for figures, row in found] == [("alone", 3)]


def test_a_comment_alone_answers_no_question_of_any_kind(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    comments = [GivenAnswer(name, item="comment", text="See above.") for name in ("by_whom", "file", "grade")]
    make.returned(first, (*chose("seen", "yes"), *chose("alone", "yes"), *comments))
    make.returned(
        second, (*chose("seen", "yes"), *chose("alone", "yes"), GivenAnswer("by_whom", option="nurse"))
    )
    found = collated(audit)
    answered = {name: found.question(name).answered for name in ("by_whom", "file", "grade")}
    assert answered == {"by_whom": 1, "file": 0, "grade": 0}
    assert found.question("by_whom").rows[0].quoted == "1 of 1 return (100%)"
    by_kind = figures_by_kind(audit, FORM.question("by_whom"), filters=Filters(), rule=DenominatorRule())
    assert sorted(kind.figures.answered for kind in by_kind) == [0, 1]
