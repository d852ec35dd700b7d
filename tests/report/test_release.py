"""A report leaves once what the checks found is answered by name; the public version then stays as it was."""

import io
import re
from datetime import date

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select

from surveyapp.answering.models import Return
from surveyapp.concluding.queries import findings_of
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.models import FamilyContact, Narrative
from surveyapp.gathering.quotes.operations import QuoteDetails, choose_quote_from_comment
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText
from surveyapp.report.release import (
    keep_report_flags,
    latest_release,
    release_report,
    released_report,
    report_review,
    take_back_report_answer,
)
from surveyapp.report.release_models import ReportKeptFlag, ReportRelease
from tests.answering.conftest import Person
from tests.concluding.example_conclusions import acted, found
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener
from tests.gathering.conftest import commented
from tests.page_client import PageClient
from tests.row_maker import Maker

YES = (GivenAnswer("supervision", option="yes"),)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Eight children, whom two agencies knew, one of which writes of three of them."""
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    audit = make.audit(cases=8, agencies=agencies, close_on=date(2027, 1, 15))
    make.returned_all(make.requests(audit), YES)
    found(audit, "Three children were not seen by Sarah Jones.")
    return audit


def page_of(audit: Audit) -> str:
    return f"/audits/{audit.id}/report/release"


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def fields_of(page: str, reason: str = "") -> dict[str, str]:
    """What the page would send: what the approver saw, and a reason for every finding that waits."""
    content = re.search(r'name="content" value="(\w+)"', page)
    assert content is not None
    names = re.findall(r'name="(reason-\w+)"', page)
    return {"approver": "Ann Lee, business manager", "content": content[1], **dict.fromkeys(names, reason)}


@pytest.mark.slow
def test_small_numbers_and_names_anywhere_in_the_report_are_found(client: PageClient, audit: Audit) -> None:
    flags = report_review(audit.id, now=MONDAY_MORNING).findings
    said = {(each.flag.check, each.flag.wording) for each in flags}
    assert ("small_number", "Three children") in said
    assert ("personal_detail", "Sarah Jones") in said
    page = client.get(page_of(audit)).text
    assert "“Sarah Jones” looks like a person’s name" in page
    assert "Internal: nobody outside the partnership’s staff reads it before it is released." in page
    assert "Not released yet" in client.get(f"/audits/{audit.id}/report").text
    assert f'href="{page_of(audit)}"' in client.get(f"/audits/{audit.id}/report").text
    with client.get(f"/audits/{audit.id}/report.pdf") as answer:
        assert "Internal version, not for publication." in text_of(answer.data)


def test_each_finding_leads_to_where_its_text_is_changed(client: PageClient, audit: Audit) -> None:
    session.add(Narrative(audit_id=audit.id, kind="case_example", text="Two girls waited."))
    session.add(
        ReportText(audit_id=audit.id, section="terms", text="Paul Smith read it.", updated_at=MONDAY_MORNING)
    )
    session.commit()
    acted(audit, "Ask Paula Jones")
    page = client.get(page_of(audit)).text
    places = re.findall(r'href="([^"]+)">Change it<', page)
    assert {place.removeprefix(f"/audits/{audit.id}/") for place in places} == {
        f"findings/{findings_of(audit.id)[0].id}",
        "narratives/case_example",
        "report/sections/terms",
        "actions",
    }
    for place in places:
        client.get(place)


def test_it_is_refused_until_each_finding_is_answered_and_then_carries_name_and_day(
    client: PageClient, audit: Audit
) -> None:
    page = client.get(page_of(audit)).text
    refused = client.post(page_of(audit), {**fields_of(page), "next-step": "release"}, status=409).text
    assert "so the report is not released" in refused
    client.get(f"/audits/{audit.id}/report/released.pdf", status=404)
    client.post(page_of(audit), {**fields_of(page, "Known to all."), "next-step": "release"})
    page = client.get(page_of(audit)).text
    assert "Released: approved by" in page
    assert "Known to all." in page
    text = text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)
    assert "Approved for publication by Ann Lee, business manager on 30 November 2026." in text
    assert "not for publication" not in text
    page = client.get(f"/audits/{audit.id}/report").text
    assert "approved by <span data-typed>Ann Lee, business manager</span>" in page
    assert f'href="/audits/{audit.id}/report/released.pdf"' in page


@pytest.mark.slow
def test_a_later_change_leaves_the_public_version_and_is_told(client: PageClient, audit: Audit) -> None:
    fields = {**fields_of(client.get(page_of(audit)).text, "Known."), "next-step": "release"}
    client.post(page_of(audit), fields)
    released = client.get(f"/audits/{audit.id}/report/released.pdf").data
    found(audit, "Plans drift.")
    page = client.get(page_of(audit)).text
    assert "Changed since it was released" in page
    assert client.get(f"/audits/{audit.id}/report/released.pdf").data == released
    again = client.post(page_of(audit), fields, status=409).text
    assert "The report has changed since this page was opened." in again


@pytest.mark.slow
def test_an_answer_is_taken_back_and_waits_again(client: PageClient, audit: Audit) -> None:
    page = client.get(page_of(audit)).text
    client.post(page_of(audit), {**fields_of(page, "Known."), "next-step": "keep"})
    kept = client.get(page_of(audit)).text
    assert "Every finding is answered." in kept
    mark = re.search(r'value="([0-9a-f]{64})" name="take-back"', kept)
    assert mark is not None
    client.post(page_of(audit), {"take-back": mark[1]})
    assert "1 finding waits for an answer." in client.get(page_of(audit)).text


@pytest.mark.slow
def test_without_a_name_or_with_an_endless_reason_nothing_is_kept(client: PageClient, audit: Audit) -> None:
    fields = fields_of(client.get(page_of(audit)).text, "Known.")
    page = client.post(page_of(audit), {**fields, "approver": ""}, status=422).text
    assert "Enter your name and role" in page
    assert 'value="Known."' in page
    page = client.post(page_of(audit), fields_of(page, "x" * 501), status=409).text
    assert "longer than 500 characters" in page
    assert "Every finding is answered." not in client.get(page_of(audit)).text


def test_without_a_return_nothing_is_released(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert session.query(Return).count() == 0
    fields = {**fields_of(client.get(page_of(audit)).text, "Known."), "next-step": "release"}
    assert "No return with answers has come in" in client.post(page_of(audit), fields, status=409).text


@pytest.mark.slow
def test_those_who_answered_may_take_the_public_version_and_no_other(
    app: Flask, client: PageClient, make: Maker, audit: Audit
) -> None:
    person, first = Person(app), make.requests(audit)[0]
    person.starts(first.grant)
    person.browser.get(f"/returns/{first.public_id}/report.pdf", status=404)
    fields = fields_of(client.get(page_of(audit)).text, "Known.")
    client.post(page_of(audit), {**fields, "next-step": "release"})
    taken = person.browser.get(f"/returns/{first.public_id}/report.pdf").data
    assert taken == client.get(f"/audits/{audit.id}/report/released.pdf").data


@pytest.mark.slow
def test_what_is_looked_through_and_released_is_the_public_version(client: PageClient, audit: Audit) -> None:
    with client.get(f"/audits/{audit.id}/report.pdf") as answer:
        assert "Under 5 years 4 of 8" in text_of(answer.data)
    assert "4 of 8" not in str(report_review(audit.id, now=MONDAY_MORNING).report)
    client.post(
        page_of(audit), {**fields_of(client.get(page_of(audit)).text, "Known."), "next-step": "release"}
    )
    assert "4 of 8" not in text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)


def test_numbers_that_the_program_hides_are_no_findings(client: PageClient, audit: Audit) -> None:
    session.add(FamilyContact(case=audit.cases[0], state="offered"))
    audit.cases[1].unborn, audit.cases[1].age_months = True, None
    session.commit()
    found = {each.flag.wording for each in report_review(audit.id, now=MONDAY_MORNING).findings}
    assert found == {"Three children", "Sarah Jones"}
    assert "The public version hides numbers of children under 6" in client.get(page_of(audit)).text


@pytest.mark.slow
def test_the_approver_reads_the_public_version_before_it_is_released(
    client: PageClient, audit: Audit
) -> None:
    address = f"/audits/{audit.id}/report/draft.pdf"
    page = client.get(page_of(audit)).text
    assert f'href="{address}"' in page
    answer = client.get(address)
    draft = text_of(answer.data)
    assert f"draft-report-{audit.id}-" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert session.scalars(select(Event.detail).where(Event.action == "exported_audit")).all() == [
        "draft report .pdf"
    ]
    assert "Draft of the public version, not approved." in draft
    client.post(page_of(audit), {**fields_of(page, "Known."), "next-step": "release"})
    released = text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)
    approved = "Approved for publication by Ann Lee, business manager on 30 November 2026."
    assert released == draft.replace("Draft of the public version, not approved.", approved)


@pytest.mark.slow
def test_a_reason_without_a_word_is_none_and_what_was_typed_stays(client: PageClient, audit: Audit) -> None:
    fields = fields_of(client.get(page_of(audit)).text, "Known.")
    name = next(each for each in fields if each.startswith("reason-"))
    page = client.post(page_of(audit), {**fields, name: "."}, status=409).text
    assert "“.” is no reason for keeping" in page
    assert "Say in words why it stays, then press again." in page
    assert 'value="."' in page
    assert 'value="Known."' in page
    assert "Every finding is answered." not in client.get(page_of(audit)).text


def test_the_action_plan_and_the_themes_are_read_before_release(audit: Audit) -> None:
    acted(audit, "Visit Kayleigh Thompson, born 3 May 2019", owner="Sharon Thompson, mother of Kayleigh")
    found = {each.flag.wording for each in report_review(audit.id, now=MONDAY_MORNING).findings}
    assert {"Kayleigh Thompson", "3 May 2019", "Sharon Thompson", "Kayleigh"} <= found


def test_a_pseudonym_of_the_audit_is_found(audit: Audit) -> None:
    found(audit, "Child 7 was hurt.")
    assert "Child 7" in {each.flag.wording for each in report_review(audit.id, now=MONDAY_MORNING).findings}


def test_a_quote_is_asked_about_once_its_return_says_something_else(audit: Audit, make: Maker) -> None:
    request = make.requests(audit)[0]
    make.corrected(request, commented("supervision", "Nobody wrote it down."))
    words = QuoteDetails("Nobody wrote it down.", "", "auditor", "concern", "supervision")
    question = audit.form.question("supervision")
    with transaction():
        choose_quote_from_comment(audit, request.id, question, words, actor="manager", now=MONDAY_MORNING)
    gone = "These words are no longer in the return they came from."
    assert gone not in {each.flag.says for each in report_review(audit.id, now=MONDAY_MORNING).findings}
    make.corrected(request, commented("supervision", "It stands in the file."))
    session.expire_all()
    assert gone in {each.flag.says for each in report_review(audit.id, now=MONDAY_MORNING).findings}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["draft", "released"])
def test_who_takes_a_file_is_noted_before_anything_is_read_so_that_no_save_is_in_its_way(
    client: PageClient, audit: Audit, name: str
) -> None:
    fields = {**fields_of(client.get(page_of(audit)).text, "Known."), "next-step": "release"}
    client.post(page_of(audit), fields)
    said: list[str] = []

    def begun(_connection: object) -> None:
        said.append("begin")

    def asked(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            said.append(statement)

    with engine_listener("begin", begun), engine_listener("before_cursor_execute", asked):
        client.get(f"/audits/{audit.id}/report/{name}.pdf")
    [noted] = [place for place, each in enumerate(said) if each.startswith("INSERT INTO survey_event")]
    assert said[noted - 1] == "begin"


def test_a_report_is_released_in_the_name_of_somebody_or_not_at_all(audit: Audit) -> None:
    before = report_review(audit.id, now=MONDAY_MORNING)
    reasons = {each.mark: "Known to all." for each in before.findings}
    with transaction():
        keep_report_flags(audit.id, reasons, approver="Ann Lee", actor="manager", now=MONDAY_MORNING)
    for approver in ("", " . "):
        with pytest.raises(Refused, match="Nobody is named as approver"), transaction():
            release_report(
                audit.id, approver=approver, seen=before.content, actor="manager", now=MONDAY_MORNING
            )
    assert latest_release(audit.id) is None


def test_the_release_that_counts_is_the_last_of_this_audit(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    for of, pdf in ((audit, b"first"), (audit, b"second"), (other, b"of another")):
        release = ReportRelease(
            audit_id=of.id, approver="Ann Lee", released_at=MONDAY_MORNING, content="0" * 64, pdf=pdf
        )
        session.add(release)
        session.flush()
    assert released_report(audit.id) == b"second"
    assert released_report(other.id) == b"of another"


def test_what_was_answered_about_another_audit_answers_nothing_of_this_one(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    before = report_review(audit.id, now=MONDAY_MORNING)
    mark = before.findings[0].mark

    def answer(of: Audit) -> None:
        kept = ReportKeptFlag(
            audit_id=of.id, mark=mark, reason="Known.", approver="Ann Lee", kept_at=MONDAY_MORNING
        )
        session.add(kept)
        session.flush()

    answer(other)
    assert report_review(audit.id, now=MONDAY_MORNING).waiting == before.waiting > 0
    with transaction():
        assert not take_back_report_answer(audit.id, mark, actor="manager", now=MONDAY_MORNING)
        assert take_back_report_answer(other.id, mark, actor="manager", now=MONDAY_MORNING)
        answer(audit)
    assert report_review(audit.id, now=MONDAY_MORNING).waiting == before.waiting - 1


def test_a_reason_is_kept_up_to_five_hundred_characters(audit: Audit) -> None:
    mark = report_review(audit.id, now=MONDAY_MORNING).findings[0].mark

    def kept(reason: str) -> int:
        with transaction():
            return keep_report_flags(
                audit.id, {mark: reason}, approver="Ann Lee", actor="manager", now=MONDAY_MORNING
            )

    with pytest.raises(Refused, match="longer than 500 characters"):
        kept("x" * 501)
    assert kept("x" * 500) == 1
    assert kept(" ") == 0, "An empty reason answers nothing."
