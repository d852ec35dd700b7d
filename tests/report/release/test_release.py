"""A report is released once an executive approves it; later changes do not alter the public version."""

import io
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pypdf
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from surveyapp.answering.models import Return
from surveyapp.concluding.queries import findings_of
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.models import FamilyContact, Narrative
from surveyapp.gathering.quotes.operations import QuoteDetails, choose_quote_from_comment
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText
from surveyapp.report.parts import FiguresAsOf, Note, Section
from surveyapp.report.release.digest import digest_form
from surveyapp.report.release.models import ReportKeptFlag, ReportRelease
from surveyapp.report.release.release import (
    keep_report_flags,
    released_report,
    report_review,
    take_back_report_answer,
)
from tests.answering.conftest import Person
from tests.concluding.example_conclusions import acted, found
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener
from tests.gathering.conftest import commented
from tests.page_client import PageClient
from tests.releases import answers_all, approves, asks, content_of, reasons_on, releases
from tests.row_maker import Maker

YES = (GivenAnswer("supervision", option="yes"),)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Eight cases with two agencies, all returned, and a finding that has a small number and a name."""
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    audit = make.audit(cases=8, agencies=agencies, close_on=date(2027, 1, 15))
    make.returned_all(make.requests(audit), YES)
    found(audit, "Three children were not seen by Sarah Jones.")
    return audit


def page_of(audit: Audit) -> str:
    return f"/audits/{audit.id}/report/release"


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.slow
def test_small_numbers_and_names_anywhere_in_the_report_are_flagged(client: PageClient, audit: Audit) -> None:
    flags = report_review(audit.id, now=MONDAY_MORNING).findings
    flagged = {(flag.flag.check, flag.flag.wording) for flag in flags}
    assert ("small_number", "Three children") in flagged
    assert ("personal_detail", "Sarah Jones") in flagged
    page = client.get(page_of(audit)).text
    assert "“Sarah Jones” looks like a person’s name" in page
    assert "Internal: nobody outside the partnership’s staff reads it before it is released." in page
    assert "Not released yet" in client.get(f"/audits/{audit.id}/report").text
    assert f'href="{page_of(audit)}"' in client.get(f"/audits/{audit.id}/report").text
    with client.get(f"/audits/{audit.id}/report.pdf") as answer:
        assert "Internal version, not for publication." in text_of(answer.data)


def test_each_flag_links_to_the_page_where_its_text_can_be_changed(client: PageClient, audit: Audit) -> None:
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


def test_release_is_refused_until_each_flag_is_answered_and_then_states_approver_and_day(
    client: PageClient, audit: Audit
) -> None:
    seen = report_review(audit.id, now=MONDAY_MORNING).content
    refused = client.post(f"{page_of(audit)}/ask", {"content": seen}, status=409).text
    assert "so the report cannot be released" in refused
    client.get(f"/audits/{audit.id}/report/released.pdf", status=404)
    releases(client, page_of(audit), "Known to all.")
    page = client.get(page_of(audit)).text
    assert "Released: approved by <span data-typed>Joan Ellery</span>" in page
    assert "The same person" not in page
    assert "Kept by Mary Manager on" in page
    assert "Known to all." in page
    text = text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)
    assert "Approved for publication by Joan Ellery on 30 November 2026." in text
    assert "not for publication" not in text
    page = client.get(f"/audits/{audit.id}/report").text
    assert "approved by <span data-typed>Joan Ellery</span>" in page
    assert f'href="/audits/{audit.id}/report/released.pdf"' in page


@pytest.mark.slow
def test_a_later_change_does_not_alter_the_public_version_and_needs_another_approval(
    client: PageClient, audit: Audit
) -> None:
    answers_all(client, page_of(audit))
    seen = content_of(client.get(page_of(audit)).text)
    asks(client, page_of(audit))
    approves(client, page_of(audit))
    released = client.get(f"/audits/{audit.id}/report/released.pdf").data
    found(audit, "Plans drift.")
    page = client.get(page_of(audit)).text
    assert "Changed since it was released" in page
    assert client.get(f"/audits/{audit.id}/report/released.pdf").data == released
    again = client.post(f"{page_of(audit)}/ask", {"content": seen}, status=409).text
    assert "The report has changed since this page was opened." in again
    asks(client, page_of(audit))
    assert client.get(f"/audits/{audit.id}/report/released.pdf").data == released
    approves(client, page_of(audit))
    assert client.get(f"/audits/{audit.id}/report/released.pdf").data != released


def test_a_report_is_approved_from_a_page_that_was_opened_two_minutes_before(
    client: PageClient, audit: Audit, clock: time_machine.Traveller
) -> None:
    answers_all(client, page_of(audit))
    seen = content_of(client.get(page_of(audit)).text)
    asks(client, page_of(audit))
    clock.shift(timedelta(minutes=2))
    approves(client, page_of(audit), content=seen)
    assert "Released: approved by" in client.get(page_of(audit)).text


def test_a_released_report_stays_released_until_a_reader_would_see_a_change(
    client: PageClient, audit: Audit, clock: time_machine.Traveller
) -> None:
    releases(client, page_of(audit))
    for passed in (timedelta(minutes=2), timedelta(hours=1), timedelta(days=1), timedelta(days=30)):
        clock.move_to(MONDAY_MORNING + passed)
        client.sign_in()
        assert "Released: approved by" in client.get(page_of(audit)).text, passed
    clock.move_to(audit.closes_at)
    client.sign_in()
    page = client.get(page_of(audit)).text
    assert "Changed since it was released" in page, "The report says that returns have closed."


def _late_return(_client: PageClient, audit: Audit, make: Maker) -> None:
    make.returned(make.requests(audit)[-1], YES)


def _edited_paragraph(client: PageClient, audit: Audit, _make: Maker) -> None:
    client.post(f"/audits/{audit.id}/report/sections/conclusions", {"text": "Plans drift.", "seen": ""})


def _new_name(_client: PageClient, audit: Audit, _make: Maker) -> None:
    audit.title = "Plans that were repeated"
    session.commit()


def _new_author(client: PageClient, audit: Audit, _make: Maker) -> None:
    client.post(f"/audits/{audit.id}/report/details", {"author": "Bo Lee", "seen": ""})


def _chosen_day(client: PageClient, audit: Audit, _make: Maker) -> None:
    client.post(f"/audits/{audit.id}/report/details", {"dated_on": ["1", "12", "2026"], "seen": ""})


@pytest.mark.slow
@pytest.mark.parametrize("change", [_late_return, _edited_paragraph, _new_name, _new_author, _chosen_day])
def test_a_change_that_a_reader_would_see_is_announced(
    client: PageClient,
    make: Maker,
    clock: time_machine.Traveller,
    change: Callable[[PageClient, Audit, Maker], None],
) -> None:
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    audit = make.audit(cases=8, agencies=agencies, close_on=date(2027, 1, 15))
    make.returned_all(make.requests(audit)[:-1], YES)
    releases(client, page_of(audit))
    clock.shift(timedelta(minutes=2))
    assert "Released: approved by" in client.get(page_of(audit)).text
    change(client, audit, make)
    assert "Changed since it was released" in client.get(page_of(audit)).text


def _with_note(section: Section) -> Section:
    """A section as earlier versions had it, with the time of reading in a note like any other."""
    return replace(
        section,
        parts=tuple(Note(part.text) if isinstance(part, FiguresAsOf) else part for part in section.parts),
        sections=tuple(map(_with_note, section.sections)),
    )


def test_a_report_that_an_earlier_version_released_stays_released(
    client: PageClient, audit: Audit, clock: time_machine.Traveller
) -> None:
    report = report_review(audit.id, now=MONDAY_MORNING).report
    earlier = replace(report, sections=tuple(map(_with_note, report.sections)))
    form = digest_form(earlier).replace(f", {report.partnership!r}, ''", "", 1)
    assert "Figures as they stood on Monday 30 November 2026 at 9:00am" in form
    release = ReportRelease(
        audit_id=audit.id,
        approver="Ann Lee",
        released_at=MONDAY_MORNING,
        content=sha256(form.encode()).hexdigest(),
        pdf=b"",
    )
    session.add(release)
    session.commit()
    clock.shift(timedelta(days=1))
    client.sign_in()
    assert "Released: approved by" in client.get(page_of(audit)).text
    found(audit, "Plans drift.")
    assert "Changed since it was released" in client.get(page_of(audit)).text


@pytest.mark.slow
def test_a_flag_waits_again_once_its_answer_is_taken_back(client: PageClient, audit: Audit) -> None:
    answers_all(client, page_of(audit))
    answered_page = client.get(page_of(audit)).text
    assert "Every finding is answered." in answered_page
    mark = re.search(r'value="([0-9a-f]{64})" name="take-back"', answered_page)
    assert mark is not None
    client.post(page_of(audit), {"take-back": mark[1]})
    assert "1 finding waits for an answer." in client.get(page_of(audit)).text


@pytest.mark.slow
def test_a_reason_is_longer_than_500_characters_on_no_page(client: PageClient, audit: Audit) -> None:
    reasons = reasons_on(client.get(page_of(audit)).text, "x" * 501)
    page = client.post(page_of(audit), reasons, status=409).text
    assert "longer than 500 characters" in page
    assert "x" * 501 in page
    assert "Every finding is answered." not in client.get(page_of(audit)).text


def test_a_report_without_returns_is_not_released(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert session.query(Return).count() == 0
    seen = report_review(audit.id, now=MONDAY_MORNING).content
    page = client.post(f"{page_of(audit)}/ask", {"content": seen}, status=409).text
    assert "No return with answers has come in" in page


@pytest.mark.slow
def test_contacts_who_answered_can_download_only_the_public_version(
    app: Flask, client: PageClient, make: Maker, audit: Audit
) -> None:
    person, first = Person(app), make.requests(audit)[0]
    person.starts(first.grant)
    person.browser.get(f"/returns/{first.public_id}/report.pdf", status=404)
    releases(client, page_of(audit))
    taken = person.browser.get(f"/returns/{first.public_id}/report.pdf").data
    assert taken == client.get(f"/audits/{audit.id}/report/released.pdf").data


@pytest.mark.slow
def test_the_public_version_is_checked_and_released(client: PageClient, audit: Audit) -> None:
    with client.get(f"/audits/{audit.id}/report.pdf") as answer:
        assert "Under 5 years 4 of 8" in text_of(answer.data)
    assert "4 of 8" not in str(report_review(audit.id, now=MONDAY_MORNING).report)
    releases(client, page_of(audit))
    assert "4 of 8" not in text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)


def test_numbers_that_the_program_hides_are_not_flagged(client: PageClient, audit: Audit) -> None:
    session.add(FamilyContact(case=audit.cases[0], state="offered"))
    audit.cases[1].unborn, audit.cases[1].age_months = True, None
    session.commit()
    flagged = {flag.flag.wording for flag in report_review(audit.id, now=MONDAY_MORNING).findings}
    assert flagged == {"Three children", "Sarah Jones"}
    assert "The public version hides numbers of children under 6" in client.get(page_of(audit)).text


@pytest.mark.slow
def test_the_approver_can_read_a_draft_of_the_public_version(client: PageClient, audit: Audit) -> None:
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
    releases(client, page_of(audit))
    released = text_of(client.get(f"/audits/{audit.id}/report/released.pdf").data)
    approved = "Approved for publication by Joan Ellery on 30 November 2026."
    assert released == draft.replace("Draft of the public version, not approved.", approved)


@pytest.mark.slow
def test_a_reason_without_words_is_refused_and_typed_reasons_stay_on_the_page(
    client: PageClient, audit: Audit
) -> None:
    reasons = reasons_on(client.get(page_of(audit)).text, "Known.")
    page = client.post(page_of(audit), {**reasons, next(iter(reasons)): "."}, status=409).text
    assert "“.” is no reason for keeping" in page
    assert "Say in words why it stays, then press again." in page
    assert 'value="."' in page
    assert 'value="Known."' in page
    assert "Every finding is answered." not in client.get(page_of(audit)).text


def test_the_action_plan_is_checked_before_release(audit: Audit) -> None:
    acted(audit, "Visit Kayleigh Thompson, born 3 May 2019", owner="Sharon Thompson, mother of Kayleigh")
    flagged = {flag.flag.wording for flag in report_review(audit.id, now=MONDAY_MORNING).findings}
    assert {"Kayleigh Thompson", "3 May 2019", "Sharon Thompson", "Kayleigh"} <= flagged


def test_a_pseudonym_of_the_audit_is_flagged(audit: Audit) -> None:
    found(audit, "Child 7 was hurt.")
    assert "Child 7" in {flag.flag.wording for flag in report_review(audit.id, now=MONDAY_MORNING).findings}


def test_a_quote_is_flagged_once_its_return_is_corrected(audit: Audit, make: Maker) -> None:
    request = make.requests(audit)[0]
    make.corrected(request, commented("supervision", "Nobody wrote it down."))
    words = QuoteDetails("Nobody wrote it down.", "", "auditor", "concern", "supervision")
    question = audit.form.question("supervision")
    with transaction():
        choose_quote_from_comment(audit, request.id, question, words, actor="manager", now=MONDAY_MORNING)
    gone = "These words are no longer in the return they came from."
    assert gone not in {flag.flag.says for flag in report_review(audit.id, now=MONDAY_MORNING).findings}
    make.corrected(request, commented("supervision", "It stands in the file."))
    session.expire_all()
    assert gone in {flag.flag.says for flag in report_review(audit.id, now=MONDAY_MORNING).findings}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["draft", "released"])
def test_a_download_is_recorded_in_a_transaction_that_writes_first(
    client: PageClient, audit: Audit, name: str
) -> None:
    releases(client, page_of(audit))
    statements: list[str] = []

    def begun(_connection: object) -> None:
        statements.append("begin")

    def asked(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            statements.append(statement)

    with engine_listener("begin", begun), engine_listener("before_cursor_execute", asked):
        client.get(f"/audits/{audit.id}/report/{name}.pdf")
    [noted] = [
        place
        for place, statement in enumerate(statements)
        if statement.startswith("INSERT INTO survey_event")
    ]
    assert statements[noted - 1] == "begin"


def test_the_released_report_is_the_latest_release_of_its_own_audit(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    for of, pdf in ((audit, b"first"), (audit, b"second"), (other, b"of another")):
        release = ReportRelease(
            audit_id=of.id, approver="Ann Lee", released_at=MONDAY_MORNING, content="0" * 64, pdf=pdf
        )
        session.add(release)
        session.flush()
    assert released_report(audit.id) == b"second"
    assert released_report(other.id) == b"of another"


def test_answers_about_another_audit_do_not_count(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    before = report_review(audit.id, now=MONDAY_MORNING)
    mark = before.findings[0].mark

    def answer(of: Audit) -> None:
        kept_flag = ReportKeptFlag(
            audit_id=of.id, mark=mark, reason="Known.", approver="Ann Lee", kept_at=MONDAY_MORNING
        )
        session.add(kept_flag)
        session.flush()

    answer(other)
    assert report_review(audit.id, now=MONDAY_MORNING).waiting == before.waiting > 0
    with transaction():
        assert not take_back_report_answer(audit.id, mark, actor="manager", now=MONDAY_MORNING)
        assert take_back_report_answer(other.id, mark, actor="manager", now=MONDAY_MORNING)
        answer(audit)
    assert report_review(audit.id, now=MONDAY_MORNING).waiting == before.waiting - 1


def test_a_reason_has_at_most_500_characters(audit: Audit) -> None:
    mark = report_review(audit.id, now=MONDAY_MORNING).findings[0].mark

    def kept(reason: str) -> int:
        with transaction():
            return keep_report_flags(audit.id, {mark: reason}, actor="manager", now=MONDAY_MORNING)

    with pytest.raises(Refused, match="longer than 500 characters"):
        kept("x" * 501)
    assert kept("x" * 500) == 1
    assert kept(" ") == 0, "An empty reason answers nothing."


def test_a_released_report_is_encrypted_in_the_database(client: PageClient, audit: Audit) -> None:
    answers_all(client, page_of(audit))
    releases(client, page_of(audit))
    stored = bytes(session.scalars(text("SELECT pdf FROM survey_report_release")).one())
    assert released_report(audit.id).startswith(b"%PDF")
    assert b"%PDF" not in stored
    assert b64encode(b"%PDF") not in stored


def test_the_migration_encrypts_released_reports_both_ways(audit: Audit) -> None:
    with transaction():
        session.add(
            ReportRelease(
                audit_id=audit.id, approver="Ann", released_at=MONDAY_MORNING, content="", pdf=b"%PDF-1"
            )
        )
    audit_id = audit.id
    session.rollback()
    schema.downgrade(engine(), to="0035")
    assert bytes(session.scalars(text("SELECT pdf FROM survey_report_release")).one()) == b"%PDF-1"
    session.rollback()
    schema.upgrade(engine(), now=MONDAY_MORNING)
    assert released_report(audit_id) == b"%PDF-1"
