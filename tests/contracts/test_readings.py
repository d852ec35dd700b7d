"""No page or file shows staff answers, or all contacts’ addresses, without an event of who read them."""

import contextvars
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Answer, Concern
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.event_log import Event
from surveyapp.log.event_kinds import READING
from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import FILE, crawl
from tests.page_client import MANAGER_NAME, PageClient
from tests.row_maker import Maker
from tests.shared_app import in_app_context

# What these show of an answer is the wording chosen and redacted for the report; choosing it was an event.
SHOW_QUOTES_OF_THE_REPORT = {
    "survey.concluding.show_conclusions",
    "survey.concluding.change_finding",
    "survey.concluding.add_finding",
}
# Files without an answer of a return and without contacts' addresses.
FILES_WITHOUT_ANSWERS = {
    "survey.brief.show_brief_picture",
    "survey.collating.download_chart_png",
    "survey.collating.download_chart_svg",
    "survey.concluding.download_recurring",
    "survey.defining.send_form_file",
    "survey.defining.send_form_workbook",
    "survey.defining.send_xlsform",
    "survey.governance.download_paper",
    "survey.keying.blank_form_as_pdf",
    "survey.keying.blank_form_in_word",
    "survey.planning.send_blank_workbook",
    "survey.report.download_template",
    "survey.retention.download_certificate",
    "survey.tracking.download_agencies_outstanding",
    "survey.tracking.follow_audit",
}
CANARY = "Canary answer: the plan drifted for months."
GIVEN = (GivenAnswer("supervision", option="yes"), GivenAnswer("supervision", item="comment", text=CANARY))


def readings_since(last: int) -> list[str]:
    """The actions of reading that were recorded after an event, oldest first; they are the manager's."""
    events = current_session.scalars(select(Event).where(Event.id > last).order_by(Event.id)).all()
    assert {event.actor for event in events} <= {MANAGER_NAME}
    found = [event.action for event in events]
    current_session.rollback()
    return found


def last_event() -> int:
    found = current_session.scalar(select(func.max(Event.id))) or 0
    current_session.rollback()
    return found


def test_every_page_of_the_demonstration_that_shows_an_answer_records_its_reading(
    demonstration: Flask,
) -> None:
    with in_app_context(demonstration, now=MONDAY_MORNING):
        answers = {text[:60] for (text,) in current_session.query(Answer.text) if text and len(text) > 30}
        browser = PageClient(demonstration)
        browser.sign_in()
        pages = [
            page
            for page in crawl(demonstration, browser).values()
            if page.rule.endpoint not in SHOW_QUOTES_OF_THE_REPORT
            and any(answer in page.html for answer in answers)
        ]
        assert len(pages) > 5
        for page in pages:
            before = last_event()
            contextvars.Context().run(browser.http.get, page.path)
            recorded = readings_since(before)
            assert len(recorded) == 1, f"{page.path} shows answers: call record_reading once it is built."
            assert recorded[0] in READING.kinds


@pytest.mark.parametrize(
    ("address", "action", "about"),
    [
        ("{returned}/answers", "saw_return", "request {request}"),
        ("{drafted}/answers", "saw_return", "request {draft}"),
        ("{drafted}/key-in", "saw_return", "request {draft}"),
        ("{drafted}/key-in/check", "saw_return", "request {draft}"),
        ("{audit}/comments/{request}/supervision/quote", "saw_comment", "request {request}"),
        ("{audit}/concerns", "saw_concerns", "audit {id}"),
        ("{audit}/concerns/{request}", "saw_concerns", "audit {id}"),
        ("{audit}/outstanding.csv", "exported_contacts", "audit {id}"),
        ("{audit}/outstanding.xlsx", "exported_contacts", "audit {id}"),
        ("{audit}/collation/export.csv", "exported_audit", "audit {id}"),
        ("{audit}/collation/export.returns.pdf", "exported_audit", "audit {id}"),
        ("{audit}/collation/results.zip", "exported_audit", "audit {id}"),
    ],
)
def test_a_page_or_file_records_who_read_it_and_what(  # noqa: PLR0913, PLR0917 — three are one case
    client: PageClient, make: Maker, session: Session, address: str, action: str, about: str
) -> None:
    audit = make.audit(cases=2, agencies=1)
    returned, drafted = make.requests(audit)
    make.returned(returned, GIVEN)
    make.draft(drafted, GIVEN)
    session.add(Concern(request_id=returned.id, raised_at=MONDAY_MORNING))
    session.commit()
    pages = f"/audits/{audit.id}"
    places = {
        "audit": pages,
        "id": audit.id,
        "returned": f"{pages}/requests/{returned.id}",
        "drafted": f"{pages}/requests/{drafted.id}",
        "request": returned.id,
        "draft": drafted.id,
    }
    before = last_event()
    client.get(address.format(**places)).close()
    client.head(address.format(**places))
    events = select(Event.actor, Event.action, Event.object).where(Event.id > before)
    assert [tuple(row) for row in session.execute(events)] == [(MANAGER_NAME, action, about.format(**places))]


def files_of_staff(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("survey.") and FILE.search(rule.rule):
            yield rule


def test_every_file_for_staff_is_recorded_or_holds_no_answers(app: Flask) -> None:
    # These record by exports, by the report and by the brief; tests of theirs and the one above hold it.
    recorded = re.compile(
        r"/export\.|/results\.zip$|/report|/brief/|/outstanding\.(csv|xlsx)$|^/log\.csv$|/what-is-held\.docx$"
    )
    not_listed = {
        rule.endpoint
        for rule in files_of_staff(app)
        if rule.endpoint not in FILES_WITHOUT_ANSWERS and not recorded.search(rule.rule)
    }
    assert not_listed == set(), "Record who downloads it, or say here that it holds no answers."


def test_no_other_page_lists_every_contacts_address_as_a_file(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=2)
    addresses = [email for (email,) in current_session.query(Contact.email)]
    current_session.rollback()
    shown = client.get(f"/audits/{audit.id}/outstanding/agencies.csv").text
    assert not any(address in shown for address in addresses)
