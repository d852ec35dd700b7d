"""What SQL counts is what somebody with the returns on a table would count."""

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
    make: Maker, audit: Audit, said: list[tuple[GivenAnswer, ...] | None]
) -> list[tuple[AuditRequest, tuple[GivenAnswer, ...]]]:
    """Return each request with what is said for it; None leaves it outstanding."""
    found = []
    for audit_request, given_there in zip(make.requests(audit), said, strict=True):
        if given_there is not None:
            make.returned(audit_request, given_there or (GivenAnswer("nothing", option="x"),))
            found.append((audit_request, given_there))
    return found


@DRAWN
@given(said=st.lists(st.none() | a_return(), min_size=6, max_size=6))
def test_sql_counts_what_anybody_would_count_by_hand(
    make: Maker, said: list[tuple[GivenAnswer, ...] | None]
) -> None:
    audit = audit_of(make, cases=2, kinds=("police", "health", "gp"))
    kinds = [(one.agency.kind, given_there) for one, given_there in returned(make, audit, said)]
    expected, found = by_hand(kinds), collated(audit)
    assert found.returns == len(kinds)
    for each in found.questions:
        assert counts_of(each) == expected[each.id], each.id
        assert each.asked + each.not_asked == found.returns
        if each.question.kind in {"choice", "scale"}:
            assert sum(row.count for row in each.rows) + each.not_answered == each.asked
        for part in each.parts:
            assert all(row.share is None or row.share.count <= row.share.of for row in part.rows)
    by_number = collation_json(found)["questions"]
    assert isinstance(by_number, list)
    assert [(each["asked"], each["answered"], each["commented"]) for each in by_number] == [
        (hand.asked, hand.answered, hand.commented) for hand in expected.values()
    ]


def test_outstanding_nil_and_withdrawn_ones_are_in_no_denominator(make: Maker, session: Session) -> None:
    audit = audit_of(make, cases=3)
    requests = make.requests(audit)
    for audit_request in requests[:5]:
        make.returned(audit_request, chose("seen", "yes"))
    nil = make.returned(requests[5], chose("seen", "no"))
    nil.nil_reason = "not_known"
    requests[0].withdrawn_at = MONDAY_MORNING
    make.draft(make.requests(audit_of(make))[0], chose("seen", "no"))
    session.commit()
    found = collated(audit)
    assert found.question("seen").rows[0].quoted == "4 of 4 returns (100%)"
    assert (found.tally.requests, found.tally.returned, found.tally.nil, found.tally.withdrawn) == (
        5,
        5,
        1,
        1,
    )
    assert (found.returns, found.cases) == (4, 3)


def test_not_asked_is_neither_not_applicable_nor_not_answered(make: Maker) -> None:
    audit = audit_of(make, cases=1, kinds=("police", "health", "gp"))
    police, health, practice = make.requests(audit)
    make.returned(police, (*chose("seen", "yes"), *chose("arrests", "no")))
    make.returned(health, (*chose("seen", "yes"), *chose("alone", "dk")))
    make.returned(practice, chose("seen", "no"))
    found = collated(audit)
    arrests, alone, why_not = (found.question(each) for each in ("arrests", "alone", "why_not"))
    assert (arrests.asked, arrests.not_asked, arrests.not_answered) == (1, 2, 0)
    assert (alone.asked, alone.not_asked, alone.not_answered) == (2, 1, 1)
    assert (why_not.asked, why_not.not_asked) == (0, 3)


def test_what_is_answered_before_the_gate_is_opened_otherwise_is_not_counted(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (*chose("seen", "no"), *chose("alone", "yes"), *ticked("file")))
    found = collated(audit)
    assert (found.question("alone").asked, found.question("alone").answered) == (0, 0)
    assert found.question("why_not").asked == 2


def test_answers_of_an_agency_that_changed_its_kind_are_counted_where_they_are_asked(
    make: Maker, session: Session
) -> None:
    audit = audit_of(make, cases=1, kinds=("police",))
    (audit_request,) = make.requests(audit)
    make.returned(audit_request, chose("arrests", "yes"))
    audit_request.agency.kind = "health"
    session.commit()
    arrests = collated(audit).question("arrests")
    assert (arrests.asked, arrests.answered, arrests.not_asked) == (0, 0, 1)


def test_an_audit_without_a_return_has_its_questions_and_no_figure(make: Maker) -> None:
    found = collated(audit_of(make))
    assert len(found.questions) == len(FORM.questions)
    assert all(row.share is not None and row.share.percent is None for row in found.question("seen").rows)
    assert (found.returns, found.is_small) == (0, False)


def test_themes_come_in_the_reports_order_and_questions_in_the_templates(make: Maker) -> None:
    found = collated(audit_of(make))
    assert [theme for _id, theme, _questions in found.themes] == ["The second theme", "The first theme"]
    assert [each.question.number for each in found.questions] == [2, 4, 6, 8, 1, 3, 5, 7]


def test_a_kind_of_question_unknown_here_is_not_collated_and_nothing_fails(
    make: Maker, session: Session
) -> None:
    audit = audit_of(make, cases=1)
    form = json.loads(audit.form_definition)
    form["questions"][0] |= {"kind": "drawing", "short": "The drawing", "colours": ["red"]}
    audit.form_definition = json.dumps(form)
    session.commit()
    make.returned(make.requests(audit)[0], (*chose("seen", "yes"), *chose("grade", "yes")))
    found = collated(audit)
    # What hangs on it cannot be counted either: nobody knows who was asked.
    assert found.not_collated == ("The drawing", "Was the child seen alone?", "Who saw the child?")
    assert found.question("grade").answered == 1
    assert collation_json(found)["not_collated"] == list(found.not_collated)
    assert AuditForm.from_json(audit.form_definition).questions[0].id == "file"


@pytest.mark.parametrize("cases", [2, 12])
def test_the_number_of_statements_does_not_grow_with_returns_and_no_text_is_read(
    make: Maker, queries: Queries, cases: int
) -> None:
    audit = audit_of(make, cases=cases)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (*chose("seen", "yes"), GivenAnswer("why_not", text="Lost.")))
    assert audit.title
    # Three for the returns and their tally, one for what everybody is asked, and for each of three questions
    # with a gate two, three where a return may give several answers.
    with queries(11) as seen:
        collated(audit)
    assert not any("survey_answer.text" in each for each in seen)
    plain = make.audit(cases=2, returned=3)
    assert plain.title
    with queries(4):
        collated(plain)


def test_dont_know_beside_another_answer_leaves_the_return_in_the_denominator(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    picked: tuple[tuple[str, ...], ...] = (("nurse", "dk"), ("nurse",), ("dk",), ("teacher",))
    for audit_request, options in zip(make.requests(audit), picked, strict=True):
        there = (*chose("seen", "yes"), *chose("alone", "yes"))
        make.returned(audit_request, (*there, *(GivenAnswer("by_whom", option=each) for each in options)))
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


def test_two_filters_keep_what_both_keep(make: Maker) -> None:
    audit = audit_of(make, cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, chose("seen", "yes"))
    one = Filters(kinds=("police",)).only_case(audit.cases[0].id)
    assert (collated(audit, one).returns, collated(audit, replace(one, cases=())).returns) == (1, 2)
    assert collated(audit, Filters(genders=("nobody’s",))).returns == 0


def test_what_was_saved_and_not_returned_is_in_no_figure(make: Maker) -> None:
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
    assert sorted(each.figures.answered for each in by_kind) == [0, 1]
