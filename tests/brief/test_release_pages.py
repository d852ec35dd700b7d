"""Answering the flags of a brief on its page, and releasing it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.brief.brief import Resource
from surveyapp.brief.library.operations import add_to_library, change_library_resource
from surveyapp.brief.models import BriefKeptFlag, BriefRelease
from surveyapp.brief.queries import brief_overview
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED, page_of, text_of, words_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.releases import approves, asks, content_of, reasons_on
from tests.row_maker import Maker


def release_page(audit: Audit) -> str:
    return page_of(audit, "/release")


def release(client: PageClient, audit: Audit) -> None:
    """Answer every flag, ask for approval, and approve."""
    page = client.get(release_page(audit)).text
    if "reason-" in page:
        client.post(page_of(audit, "/findings"), reasons_on(page, "Known to all"))
    asks(client, release_page(audit))
    approves(client, release_page(audit))


def test_a_brief_is_released_once_every_flag_is_answered_and_an_executive_approves(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), {**TYPED, "worries": "Three children moved\nJamie Smith waited"})
    page = client.get(page_of(audit)).text
    assert "2 findings wait for an answer" in page
    assert "3 children: under 6." in page
    assert 'href="#worries">Three children</a>' in page
    page = client.get(release_page(audit)).text
    assert "2 findings wait for an answer" in page
    assert "looks like a person’s name" in page
    assert f'href="{page_of(audit)}#worries">Change it<' in page
    seen = {"content": brief_overview(audit.id, now=MONDAY_MORNING).content}
    refused = client.post(f"{release_page(audit)}/ask", seen, status=409).text
    assert "2 findings wait for an answer, so the brief cannot be released." in refused
    [first, second] = reasons_on(page, "x")
    page = client.follow(client.post(page_of(audit, "/findings"), {first: "It is known"})).text
    assert "1 finding is kept" in page
    assert "Kept by Mary Manager on Monday 30 November 2026 at 9:00am: It is known" in page
    client.post(page_of(audit, "/findings"), {second: "A <stage> name"})
    page = client.follow(asks(client, release_page(audit))).text
    assert "<span data-typed>Mary Manager</span> asked for approval on" in page
    approves(client, release_page(audit))
    page = client.get(page_of(audit)).text
    assert "Released: approved by <span data-typed>Joan Ellery</span>" in page
    released = session.scalars(select(BriefRelease)).one()
    assert (released.version, released.approver) == (1, "Joan Ellery")
    text = text_of(client.get(page_of(audit, "/released.pdf")).data)
    assert "Approved by Joan Ellery on 30 November 2026" in text
    assert "Draft" not in text
    assert "Approved by Joan Ellery" in words_of(client.get(page_of(audit, "/brief.pptx")).data)
    kept = session.scalars(select(BriefKeptFlag)).all()
    assert all(len(answer.mark) == 64 for answer in kept)
    assert "Jamie" not in " ".join(event.detail for event in session.scalars(select(Event)))


@pytest.mark.slow
def test_a_change_after_the_release_does_not_change_the_public_version(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), TYPED)
    release(client, audit)
    client.post(page_of(audit), {**TYPED, "seen": "1", "good_practice": "Three children moved"})
    page = client.get(page_of(audit)).text
    assert "Changed since it was released" in page
    assert "1 finding waits" in page
    assert "Draft" in text_of(client.get(page_of(audit, "/brief.pdf")).data)
    public = client.get(page_of(audit, "/released.pdf")).data
    assert "Approved by Joan Ellery" in text_of(public)
    assert "Three children" not in text_of(public)
    assert "Information was shared early" in words_of(client.get(page_of(audit, "/released.pptx")).data)
    seen = {"content": brief_overview(audit.id, now=MONDAY_MORNING).content}
    client.post(f"{release_page(audit)}/ask", seen, status=409)
    assert len(session.scalars(select(BriefRelease)).all()) == 1


def test_a_brief_is_released_from_a_page_opened_before_and_stays_released_as_time_passes(
    client: PageClient, audit: Audit, clock: time_machine.Traveller
) -> None:
    client.post(page_of(audit), TYPED)
    seen = content_of(client.get(release_page(audit)).text)
    asks(client, release_page(audit))
    clock.shift(timedelta(minutes=2))
    approves(client, release_page(audit), content=seen)
    for passed in (timedelta(minutes=2), timedelta(hours=1), timedelta(days=1)):
        clock.shift(passed)
        client.sign_in()
        assert "Released: approved by" in client.get(page_of(audit)).text, passed


@pytest.mark.slow
def test_a_return_after_the_release_makes_the_brief_a_draft_again(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(
        cases=8, agencies=[make.agency("Police North"), make.agency("Health North")], returned=8
    )
    client.post(page_of(audit), {**TYPED, "question": ""})
    release(client, audit)
    assert "Released: approved by" in client.get(page_of(audit)).text
    make.returned(make.requests(audit)[8])
    assert "Changed since it was released" in client.get(page_of(audit)).text
    assert session.scalars(select(Return)).first()


@pytest.mark.slow
def test_an_answer_is_taken_back_and_lapses_when_its_sentence_is_edited(
    client: PageClient, audit: Audit
) -> None:
    client.post(page_of(audit), {**TYPED, "worries": "Three children moved"})
    kept = reasons_on(client.get(release_page(audit)).text, "Known to all")
    client.post(page_of(audit, "/findings"), kept)
    page = client.get(release_page(audit)).text
    [mark] = re.findall(r'value="([0-9a-f]{64})" name="take-back"', page)
    page = client.follow(client.post(page_of(audit, "/findings"), {"take-back": mark})).text
    assert "The answer is taken back." in page
    assert "1 finding waits" in page
    client.post(page_of(audit, "/findings"), kept)
    assert "Every finding is answered." in client.get(release_page(audit)).text
    client.post(page_of(audit), {**TYPED, "seen": "1", "worries": "Three children moved far away"})
    assert "1 finding waits" in client.get(release_page(audit)).text


@pytest.mark.slow
def test_a_resource_changed_since_the_page_was_opened_stops_the_release(
    client: PageClient, audit: Audit
) -> None:
    with transaction():
        kept = add_to_library(
            Resource("Toolkit", "A guide", "https://a.example"), actor="a", now=MONDAY_MORNING
        )
    client.post(page_of(audit), {**TYPED, "resources": str(kept.id)})
    seen = content_of(client.get(release_page(audit)).text)
    asks(client, release_page(audit))
    with transaction():
        change_library_resource(
            kept, Resource("Toolkit", "Another", "https://b.example"), actor="b", now=MONDAY_MORNING
        )
    page = approves(client, release_page(audit), content=seen, status=409).text
    assert "The brief has changed since this page was opened." in page
    assert "It has changed since: what is approved is what this page shows now." in page
    client.get(page_of(audit, "/released.pdf"), status=404)
    approves(client, release_page(audit))
    client.get(page_of(audit, "/released.pdf"))


@pytest.mark.slow
def test_without_a_return_or_a_saved_brief_nothing_is_released(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    page = client.get(page_of(audit)).text
    assert "This audit has no return with answers yet." in page
    ask = f"{release_page(audit)}/ask"
    assert "has not been saved yet" in client.post(ask, status=409).text
    client.post(page_of(audit), {**TYPED, "question": ""})
    seen = {"content": brief_overview(audit.id, now=MONDAY_MORNING).content}
    assert "nothing to release" in client.post(ask, seen, status=409).text
    assert "has not been released" in client.get(page_of(audit, "/released.pdf"), status=404).text
    for rest in ("/brief.pdf", "/brief.pptx", "/page.png"):
        client.get(page_of(audit, rest))


def test_the_day_of_release_is_the_uk_day(client: PageClient, audit: Audit, clock: object) -> None:
    clock.move_to(MONDAY_MORNING + timedelta(days=180, hours=14, minutes=30))  # type: ignore[attr-defined]
    browser = PageClient(client.app)
    browser.sign_in()
    browser.post(page_of(audit), TYPED)
    release(browser, audit)
    assert "on 30 May 2027" in text_of(browser.get(page_of(audit, "/released.pdf")).data)


def test_an_executive_reads_the_brief_without_the_page_on_which_it_is_written(
    client: PageClient, audit: Audit
) -> None:
    client.post(page_of(audit), {**TYPED, "worries": "Three children moved"})
    executive = client.colleague("Joan Ellery", "executive")
    page = executive.get(release_page(audit)).text
    assert "Three children" in page
    assert "Change it" not in page
    assert "Keep it and say why, or leave it to those who write the brief." in page
    executive.get(page_of(audit), status=403)
    executive.get(page_of(audit, "/brief.pdf"))
