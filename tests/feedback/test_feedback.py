"""Feedback to an agency comes only after the release, and reveals nothing of another agency."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

import pypdf
import pytest
from flask import Flask

from surveyapp.brief.brief import BriefText
from surveyapp.brief.models import BriefRelease
from surveyapp.brief.operations import keep_brief_flags, propose_brief, release_brief, save_brief_draft
from surveyapp.brief.queries import brief_overview
from surveyapp.collating.cases.agency_counts import other_agency_counts
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.feedback.feedback import compared_answers
from surveyapp.foundation.store.db import session, transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.report.release.models import ReportRelease
from tests.answering.conftest import Person
from tests.concluding.example_conclusions import acted
from tests.conftest import MONDAY_MORNING
from tests.row_maker import FORM, Maker

PAGE = "what-came-of-it"


class Acting(TypedDict):
    """Who acts, and when."""

    actor: str
    now: datetime


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Ten children: the police and the health service returned on all of them, the school on three.

    The police answer no for two, the health service for seven.
    """
    agencies = [
        make.agency("Northside Police"),
        make.agency("Northside Health", kind="health"),
        make.agency("Hill School", kind="school"),
    ]
    audit = make.audit(cases=10, agencies=agencies)
    no = {"Northside Police": 2, "Northside Health": 7, "Hill School": 0}
    for audit_request in make.requests(audit):
        if audit_request.agency.name != "Hill School" or audit_request.case.position <= 3:
            answer = "no" if audit_request.case.position <= no[audit_request.agency.name] else "yes"
            make.returned(audit_request, (GivenAnswer("supervision", option=answer),))
    return audit


@pytest.fixture
def person(app: Flask) -> Person:
    return Person(app)


def released(audit: Audit) -> BriefRelease:
    """Save and release the brief of an audit, with a reason for each flag."""
    acting = Acting(actor="manager", now=MONDAY_MORNING)
    with transaction():
        save_brief_draft(audit.id, BriefText(worries=("Visits were missed",)), (), seen=0, **acting)
    with transaction():
        picture = brief_overview(audit.id, now=MONDAY_MORNING)
        marks = [finding.mark for finding in picture.findings]
        keep_brief_flags(audit.id, dict.fromkeys(marks, "Known to all."), **acting)
    with transaction():
        propose_brief(audit.id, seen=picture.content, **acting)
        return release_brief(
            audit.id, seen=picture.content, roles={"executive"}, actor="Ann Lee", now=MONDAY_MORNING
        )


def test_before_the_release_nothing_is_shown(person: Person, make: Maker, audit: Audit) -> None:
    acted(audit, "Ask at every visit.", agency_id=make.requests(audit)[0].agency_id)
    first = make.requests(audit)[0]
    person.starts(first.grant)
    page = person.opens(first, PAGE).text
    assert "Nothing has been released yet." in page
    assert "Ask at every visit." not in page
    person.browser.get(f"/returns/{first.public_id}/brief.pdf", status=404)


@pytest.mark.slow
def test_an_agency_reads_the_brief_its_figures_and_its_actions(
    person: Person, make: Maker, audit: Audit
) -> None:
    released(audit)
    police = next(
        audit_request
        for audit_request in make.requests(audit)
        if audit_request.agency.name == "Northside Police"
    )
    acted(audit, "Ask at every visit.", agency_id=police.agency_id)
    acted(audit, "The board asks.")
    person.starts(police.grant)
    page = person.opens(police, PAGE).text
    assert "Visits were missed" in page
    assert "Ask at every visit." in page
    assert "The board asks." not in page
    assert "8 of 10 returns (80%)" in page
    assert "14 of 23 returns (60.9%)" in page
    assert "Not shown" not in page
    content = person.browser.get(f"/returns/{police.public_id}/brief.pdf").data
    assert "Visits were missed" in " ".join(
        pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
    )


@pytest.mark.slow
def test_an_agency_with_few_returns_sees_no_figures(person: Person, make: Maker, audit: Audit) -> None:
    released(audit)
    school = next(
        audit_request for audit_request in make.requests(audit) if audit_request.agency.name == "Hill School"
    )
    person.starts(school.grant)
    page = person.opens(school, PAGE).text
    assert "they could point at a child or a person" in page
    assert "3 of 3 returns" not in page


@pytest.mark.slow
def test_the_threshold_of_small_numbers_is_a_setting(
    app: Flask, person: Person, make: Maker, audit: Audit
) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, small_number=3))
    released(audit)
    school = next(
        audit_request for audit_request in make.requests(audit) if audit_request.agency.name == "Hill School"
    )
    person.starts(school.grant)
    page = person.opens(school, PAGE).text
    assert "3 of 3 returns" in page
    assert "they could point at a child or a person" not in page


def test_figures_that_leave_few_returns_of_others_are_not_shown(person: Person, make: Maker) -> None:
    agencies = [make.agency("Northside Police"), make.agency("Hill School", kind="school")]
    audit = make.audit(cases=8, agencies=agencies)
    for audit_request in make.requests(audit):
        if audit_request.agency.name == "Northside Police" or audit_request.case.position <= 2:
            make.returned(audit_request, (GivenAnswer("supervision", option="yes"),))
    released(audit)
    police = next(
        audit_request
        for audit_request in make.requests(audit)
        if audit_request.agency.name == "Northside Police"
    )
    person.starts(police.grant)
    assert "they could point at a child or a person" in person.opens(police, PAGE).text


def test_the_page_is_not_found_without_its_link(person: Person, make: Maker, audit: Audit) -> None:
    released(audit)
    first = make.requests(audit)[0]
    other = make.requests(make.audit(cases=1, agencies=1))[0]
    person.browser.get(f"/returns/{first.public_id}/{PAGE}", status=404)
    person.starts(other.grant)
    for page in (PAGE, "brief.pdf"):
        person.browser.get(f"/returns/{first.public_id}/{page}", status=404)


def test_the_list_of_returns_links_to_the_page_once_returns_have_closed(
    person: Person, make: Maker, audit: Audit
) -> None:
    first = make.requests(audit)[0]
    person.starts(first.grant)
    assert PAGE not in person.reads("/returns/").text
    audit.closed_at = MONDAY_MORNING - timedelta(minutes=1)
    session.commit()
    assert f"{PAGE}" in person.reads("/returns/").text


def rows_of(page: str) -> dict[str, tuple[str, str]]:
    """The table by question and answer: the agency’s own figure and that of all."""
    cells = re.findall(r"<th scope=\"row\"[^>]*>([^<]*)</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>", page)
    return {name: (own, whole) for name, own, whole in cells}


def test_the_only_other_agency_cannot_be_found_by_subtraction(person: Person, make: Maker) -> None:
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    audit = make.audit(cases=13, agencies=agencies)
    for audit_request in make.requests(audit):
        one = audit_request.agency.kind == "health" and audit_request.case.position == 1
        make.returned(audit_request, (GivenAnswer("supervision", option="no" if one else "yes"),))
    released(audit)
    police = next(
        audit_request
        for audit_request in make.requests(audit)
        if audit_request.agency.name == "Northside Police"
    )
    person.starts(police.grant)
    page = person.opens(police, PAGE).text
    assert "they could point at a child or a person" in page
    assert "of 26 returns" not in page


def asked_three(make: Maker, form: str, options: Callable[[AuditRequest], dict[str, str]]) -> AuditRequest:
    """A request of the police in a released audit of twelve children, all answered with these options."""
    kinds = ("police", "health", "school")
    audit = make.audit(cases=12, agencies=[make.agency(kind=kind) for kind in kinds], form=form)
    for audit_request in make.requests(audit):
        make.returned(
            audit_request,
            tuple(GivenAnswer(name, option=option) for name, option in options(audit_request).items()),
        )
    released(audit)
    return next(
        audit_request for audit_request in make.requests(audit) if audit_request.agency.kind == "police"
    )


def test_a_figure_that_leaves_few_is_suppressed_with_those_that_reveal_it(
    person: Person, make: Maker
) -> None:
    def options(audit_request: AuditRequest) -> dict[str, str]:
        one = audit_request.agency.kind == "health" and audit_request.case.position == 1
        tasks = {"police": "yes", "health": "no", "school": "not_applicable"}[audit_request.agency.kind]
        # Two returns of the other agencies answer this question.
        few = (
            {"clear_on_impact": "yes"}
            if audit_request.agency.kind == "police" or audit_request.case.position == 1
            else {}
        )
        return {"supervision": "no" if one else "yes", "tasks_and_dates": tasks, **few}

    police = asked_three(make, FORM, options)
    person.starts(police.grant)
    page = person.opens(police, PAGE).text
    rows = rows_of(page)
    question = "Case overseen or discussed in supervision"
    assert rows[f"{question}: Yes"] == ("12 of 12 returns (100%)", "Not shown")
    assert rows[f"{question}: No"] == ("0 of 12 returns (0%)", "Not shown")
    assert rows[f"{question}: Not applicable"] == ("0 of 12 returns (0%)", "0 of 36 returns (0%)")
    question = "Tasks and dates for completion"
    assert rows[f"{question}: Yes"][1] == "12 of 36 returns (33.3%)"
    assert rows[f"{question}: No"][1] == "12 of 36 returns (33.3%)"
    impact = [whole for name, (_, whole) in rows.items() if name.startswith("Clear how")]
    assert set(impact) == {"Not shown"}, "Two others answered this."
    assert "what fewer than 6 returns said" in page


def test_a_follow_up_question_does_not_reveal_a_suppressed_answer(person: Person, make: Maker) -> None:
    def options(audit_request: AuditRequest) -> dict[str, str]:
        known = audit_request.agency.kind != "health" or audit_request.case.position > 1
        return (
            {"domestic_abuse": "yes", "domestic_abuse_effect": "yes", "flag": "yes"}
            if known
            else {
                "domestic_abuse": "no",
                "flag": "no",
            }
        )

    police = asked_three(make, "neglect_2024", options)
    person.starts(police.grant)
    rows = rows_of(person.opens(police, PAGE).text)
    hidden = {name for name, (_, whole) in rows.items() if whole == "Not shown"}
    assert hidden > {
        name for name in rows if name.startswith("Effect of domestic abuse on the child recorded")
    }
    assert "Domestic abuse known: Yes" in hidden


def test_a_question_that_an_agency_answered_seldom_is_not_shown(person: Person, make: Maker) -> None:
    def options(audit_request: AuditRequest) -> dict[str, str]:
        few = (
            {"supervision": "yes"}
            if audit_request.agency.kind != "police" or audit_request.case.position == 1
            else {}
        )
        return {"tasks_and_dates": "yes", **few}

    police = asked_three(make, FORM, options)
    person.starts(police.grant)
    rows = rows_of(person.opens(police, PAGE).text)
    assert rows["Case overseen or discussed in supervision: Yes"] == ("Not shown", "Not shown")
    assert rows["Tasks and dates for completion: Yes"][1] == "36 of 36 returns (100%)"


def test_the_demonstration_reveals_few_returns_nowhere_and_shows_most_figures(demonstrated: Audit) -> None:
    whole = collate(demonstrated, now=MONDAY_MORNING)
    for agency in agencies_asked(demonstrated):
        own = collate(demonstrated, filters=Filters(agencies=(agency.id,)), now=MONDAY_MORNING)
        rows = compared_answers(own, whole, other_agency_counts(demonstrated, agency.id))
        shown = [row for row in rows if row.whole != "Not shown"]
        for row in shown:
            mine, of_mine, all_of, of_all = (
                int(number)
                for side in (row.own, row.whole)
                for number in re.findall(r"(\d+) of (\d+)", side)[0]
            )
            assert all_of == 0 or all_of >= 6
            assert all_of == mine or all_of - mine >= 6
            assert of_all - of_mine >= 6
        assert len(shown) >= 30 or own.returns < 6


def test_pages_for_contacts_are_not_cached(person: Person, make: Maker, audit: Audit) -> None:
    released(audit)
    session.add(
        ReportRelease(
            audit_id=audit.id, approver="Ann", released_at=MONDAY_MORNING, content="0" * 64, pdf=b"%PDF-"
        )
    )
    session.commit()
    first = make.requests(audit)[0]
    person.starts(first.grant)
    for page in (PAGE, "brief.pdf", "report.pdf"):
        answer = person.browser.get(f"/returns/{first.public_id}/{page}")
        assert answer.headers["Cache-Control"] == "no-store"
