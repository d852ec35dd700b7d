"""The brief's page: written, seen as it prints, looked through, approved, and taken away."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pptx
import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.brief.brief import Resource
from surveyapp.brief.models import BriefKeptFlag, BriefRelease, SavedBrief
from surveyapp.brief.operations import add_to_library, change_library_resource
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit, Case
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

SAID = {
    "audited_on": ["17", "9", "2026"],
    "cohort": "with a child protection plan",
    "worries": '- Visits were missed\n\n• It\'s "quoted" & <b>marked</b> {{ 7*7 }} #panic',
    "good_practice": "Information was shared early",
    "theme_1_title": "Fathers",
    "theme_1": "Ask them",
    "pair_1_title": "incidents seen one by one",
    "pair_1_found": "No chronology",
    "pair_1_needed": "Write one",
    "callouts": "A child is no **protection**",
    "question": "supervision",
    "seen": "0",
}


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Eight children, two agencies that returned on all of them."""
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    return make.audit(cases=8, agencies=agencies, returned=16)


def page_of(audit: Audit, rest: str = "") -> str:
    return f"/audits/{audit.id}/brief{rest}"


def approval(client: PageClient, audit: Audit, approver: str = "Ann") -> dict[str, str]:
    """What the page as it is now sends for its release."""
    [content] = re.findall(r'name="content" value="([0-9a-f]{64})"', client.get(page_of(audit)).text)
    return {"approver": approver, "content": content, "next-step": "release"}


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def words_of(content: bytes) -> str:
    shapes = pptx.Presentation(io.BytesIO(content)).slides[0].shapes
    return "\n".join(each.text_frame.text for each in shapes if each.has_text_frame)


def answers(page: str, reason: str) -> dict[str, str]:
    """A reason for every finding that waits on a page."""
    names = {each.split('"')[0] for each in page.split('name="reason-')[1:]}
    return {f"reason-{each}": reason for each in names}


def test_a_brief_nobody_wrote_is_filled_from_the_audit(client: PageClient, audit: Audit) -> None:
    page = client.get(page_of(audit)).text
    assert "The eight children were" in page
    assert (
        "These audited their involvement with the eight children: Northside Health and Northside Police."
        in page
    )
    assert "A draft." in page
    assert f'href="{page_of(audit)}">Learning brief' in client.get(f"/audits/{audit.id}").text


def test_what_is_written_is_kept_printed_and_shown_again(
    client: PageClient, audit: Audit, session: Session
) -> None:
    with transaction():
        made = add_to_library(
            Resource("Neglect toolkit", "how to name it", "https://tools.example/a"),
            actor="a",
            now=MONDAY_MORNING,
        )
    saved = client.post(page_of(audit), {**SAID, "resources": [str(made.id), "999"]})
    page = client.follow(saved).text
    assert "The brief is saved." in page
    assert "Visits were missed" in page
    assert "&lt;b&gt;marked&lt;/b&gt; {{ 7*7 }} #panic" in page
    kept = session.scalars(select(SavedBrief)).one()
    assert kept.version == 1
    assert [each.resource_id for each in kept.shown] == [made.id]
    text = text_of(client.get(page_of(audit, "/brief.pdf")).data)
    for words in (
        "The audit of 17 September 2026 reviewed the records of eight children with a child protection plan.",
        'It\'s "quoted" & <b>marked</b> {{ 7*7 }} #panic',
        "Theme for learning: Fathers",
        "What needs to happen • Write one",
        "16 of 16 (100%)",
        "Neglect toolkit: how to name it (tools.example)",
        "Draft, not approved for release",
    ):
        assert words in text
    slide = words_of(client.get(page_of(audit, "/brief.pptx")).data)
    assert "A child is no protection" in slide
    assert client.get(page_of(audit, "/page.png")).data.startswith(b"\x89PNG")
    events = {each.action: each.detail for each in session.scalars(select(Event))}
    assert events["saved_brief"] == "version 1"
    assert events["exported_audit"] == "brief .pptx"


def test_its_pages_ask_little_of_the_database(
    client: PageClient,
    make: Maker,
    queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    audit = make.audit(cases=15, agencies=6, returned=77)
    page = page_of(audit)
    with queries(12):
        client.get(page)
    client.post(page, SAID)
    with queries(12):
        client.get(page)


@pytest.mark.slow
def test_over_long_text_is_kept_and_told_with_the_lines_over(client: PageClient, audit: Audit) -> None:
    many = "\n".join(f"Point number {number}" for number in range(70))
    page = client.follow(client.post(page_of(audit), {**SAID, "worries": many})).text
    assert "lines too long: shorten “What we are worried about” by " in page
    assert "Point number 69" in page
    client.get(page_of(audit, "/page.png"))
    assert "too long" in client.get(page_of(audit, "/brief.pdf"), status=409).text
    assert "too long" in client.get(page_of(audit, "/brief.pptx"), status=409).text


def test_forty_thousand_characters_are_refused_in_a_sentence_and_given_back(
    client: PageClient, audit: Audit, session: Session
) -> None:
    page = client.post(page_of(audit), {**SAID, "worries": "x" * 40_000}, status=422).text
    assert "What we are worried about: use 4,000 characters or fewer" in page
    assert "x" * 40_000 in page
    for field, typed in (
        ("discussed", "many"),
        ("question", "nonsense"),
        ("audited_on", ["31", "2", "2026"]),
    ):
        client.post(page_of(audit), {**SAID, field: typed}, status=422)
    assert session.scalar(select(SavedBrief)) is None


def test_two_people_who_write_at_once_are_told_and_nothing_is_lost(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), SAID)
    page = client.post(page_of(audit), {**SAID, "worries": "Mine, later"}, status=409).text
    assert "Someone else saved this brief while you wrote" in page
    assert "Mine, later" in page
    assert "Visits were missed" in page
    client.post(page_of(audit), {**SAID, "worries": "Mine, later", "seen": "1"})
    assert "Mine, later" in session.scalars(select(SavedBrief)).one().texts


def test_findings_are_answered_one_by_one_and_then_it_is_released_with_name_and_date(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), {**SAID, "worries": "Three children moved\nJamie Smith waited"})
    page = client.get(page_of(audit)).text
    assert "2 findings wait for an answer" in page
    assert "3 children: under 6." in page
    assert "looks like a person’s name" in page
    named = approval(client, audit, "Ann Lee, business manager")
    refused = client.post(page_of(audit, "/findings"), named, status=409).text
    assert "2 findings wait for an answer, so the brief is not released." in refused
    [first, *_rest] = answers(page, "x")
    one = client.post(page_of(audit, "/findings"), {**named, first: "It is known", "next-step": "keep"})
    page = client.follow(one).text
    assert "1 finding is kept" in page
    assert "Kept by Ann Lee, business manager on Monday 30 November 2026 at 9:00am: It is known" in page
    page = client.follow(
        client.post(page_of(audit, "/findings"), {**named, **answers(page, "A <stage> name")})
    ).text
    assert "Released: approved by" in page
    release = session.scalars(select(BriefRelease)).one()
    assert (release.version, release.approver) == (1, "Ann Lee, business manager")
    text = text_of(client.get(page_of(audit, "/released.pdf")).data)
    assert "Approved by Ann Lee, business manager on 30 November 2026" in text
    assert "Draft" not in text
    assert "Approved by Ann Lee" in words_of(client.get(page_of(audit, "/brief.pptx")).data)
    kept = session.scalars(select(BriefKeptFlag)).all()
    assert all(len(each.mark) == 64 for each in kept)
    assert "Jamie" not in " ".join(each.detail for each in session.scalars(select(Event)))


@pytest.mark.slow
def test_a_change_after_the_release_leaves_the_public_version_as_it_was(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), SAID)
    client.post(page_of(audit, "/findings"), approval(client, audit))
    client.post(page_of(audit), {**SAID, "seen": "1", "good_practice": "Three children moved"})
    page = client.get(page_of(audit)).text
    assert "Changed since it was released" in page
    assert "1 finding waits" in page
    assert "Draft" in text_of(client.get(page_of(audit, "/brief.pdf")).data)
    public = client.get(page_of(audit, "/released.pdf")).data
    assert "Approved by Ann" in text_of(public)
    assert "Three children" not in text_of(public)
    assert "Information was shared early" in words_of(client.get(page_of(audit, "/released.pptx")).data)
    client.post(page_of(audit, "/findings"), approval(client, audit), status=409)
    assert len(session.scalars(select(BriefRelease)).all()) == 1


@pytest.mark.slow
def test_a_return_that_comes_in_after_the_release_makes_it_a_draft_again(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(
        cases=8, agencies=[make.agency("Police North"), make.agency("Health North")], returned=8
    )
    client.post(page_of(audit), {**SAID, "question": ""})
    client.post(page_of(audit, "/findings"), approval(client, audit))
    assert "Released: approved by" in client.get(page_of(audit)).text
    make.returned(make.requests(audit)[8])
    assert "Changed since it was released" in client.get(page_of(audit)).text
    assert session.scalars(select(Return)).first()


@pytest.mark.slow
def test_an_answer_is_taken_back_and_falls_when_its_sentence_is_edited(
    client: PageClient, audit: Audit
) -> None:
    client.post(page_of(audit), {**SAID, "worries": "Three children moved"})
    page = client.get(page_of(audit)).text
    kept = {"approver": "Ann", "next-step": "keep", **answers(page, "Known to all")}
    client.post(page_of(audit, "/findings"), kept)
    page = client.get(page_of(audit)).text
    [mark] = re.findall(r'value="([0-9a-f]{64})" name="take-back"', page)
    page = client.follow(client.post(page_of(audit, "/findings"), {"take-back": mark})).text
    assert "The answer is taken back." in page
    assert "1 finding waits" in page
    client.post(page_of(audit, "/findings"), kept)
    assert "Every finding is answered." in client.get(page_of(audit)).text
    client.post(page_of(audit), {**SAID, "seen": "1", "worries": "Three children moved far away"})
    assert "1 finding waits" in client.get(page_of(audit)).text


@pytest.mark.slow
def test_an_approver_has_a_name_and_a_reason_has_words(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), {**SAID, "worries": "Three children moved"})
    page = client.get(page_of(audit)).text
    typed = client.post(page_of(audit, "/findings"), answers(page, "Because"), status=422).text
    assert "Enter your name and role" in typed
    assert 'value="Because"' in typed
    blank = {"approver": "Ann", "next-step": "keep", **answers(page, "   "), "reason-nonsense": "x"}
    assert "nothing is kept" in client.follow(client.post(page_of(audit, "/findings"), blank)).text
    long = {"approver": "Ann", "next-step": "keep", **answers(page, "x" * 501)}
    refused = client.post(page_of(audit, "/findings"), long, status=409).text
    assert "is longer than 500 characters" in refused
    assert "x" * 501 in refused
    assert session.scalar(select(BriefKeptFlag)) is None


@pytest.mark.slow
def test_what_was_answered_is_kept_also_where_another_finding_holds_the_release_up(
    client: PageClient, audit: Audit
) -> None:
    client.post(page_of(audit), {**SAID, "worries": "Three children moved\nJamie Smith waited"})
    first = dict(list(answers(client.get(page_of(audit)).text, "Known to all").items())[:1])
    page = client.post(page_of(audit, "/findings"), {**approval(client, audit), **first}, status=409).text
    assert "1 finding waits for an answer, so the brief is not released." in page
    assert "1 finding waits for an answer. Change the text" in page
    assert "Kept by Ann on" in page


@pytest.mark.slow
@pytest.mark.parametrize("blank", ["", "   ", "\u200b", " - "])
def test_nobody_approves_with_a_name_that_says_nothing(client: PageClient, audit: Audit, blank: str) -> None:
    client.post(page_of(audit), SAID)
    page = client.post(page_of(audit, "/findings"), approval(client, audit, blank), status=422).text
    assert "Enter your name and role" in page
    client.get(page_of(audit, "/released.pdf"), status=404)


@pytest.mark.slow
def test_what_changed_beside_the_text_since_the_page_was_opened_is_looked_at_before_it_is_released(
    client: PageClient, audit: Audit
) -> None:
    with transaction():
        kept = add_to_library(
            Resource("Toolkit", "A guide", "https://a.example"), actor="a", now=MONDAY_MORNING
        )
    client.post(page_of(audit), {**SAID, "resources": str(kept.id)})
    seen = approval(client, audit)
    with transaction():
        change_library_resource(
            kept, Resource("Toolkit", "Another", "https://b.example"), actor="b", now=MONDAY_MORNING
        )
    page = client.post(page_of(audit, "/findings"), seen, status=409).text
    assert "The brief has changed since this page was opened." in page
    client.get(page_of(audit, "/released.pdf"), status=404)
    client.post(page_of(audit, "/findings"), approval(client, audit))
    client.get(page_of(audit, "/released.pdf"))


@pytest.mark.slow
def test_without_a_return_or_a_saved_brief_nothing_is_released(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    page = client.get(page_of(audit)).text
    assert "This audit has no return with answers yet." in page
    named = approval(client, audit)
    assert "has not been saved yet" in client.post(page_of(audit, "/findings"), named, status=409).text
    client.post(page_of(audit), {**SAID, "question": ""})
    named = approval(client, audit)
    assert "nothing to release" in client.post(page_of(audit, "/findings"), named, status=409).text
    assert "has not been released" in client.get(page_of(audit, "/released.pdf"), status=404).text
    for rest in ("/brief.pdf", "/brief.pptx", "/page.png"):
        client.get(page_of(audit, rest))


def test_an_audit_not_yet_issued_has_its_brief_too(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    assert "No chart" in client.get(page_of(audit)).text
    client.get(f"/audits/{audit.id + 1}/brief", status=404)


def test_the_ages_on_the_page_are_those_of_children_with_a_return(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=3, agencies=1, returned=2)
    case = session.scalars(select(Case).where(Case.audit_id == audit.id, Case.position == 3)).one()
    case.age_months = 200
    session.commit()
    page = client.get(page_of(audit)).text
    assert "1 to 2 years" not in page
    assert "The two children were 12 months to 2 years old" in page


def test_the_day_of_release_is_the_uk_day(client: PageClient, audit: Audit, clock: object) -> None:
    clock.move_to(MONDAY_MORNING + timedelta(days=180, hours=14, minutes=30))  # type: ignore[attr-defined]
    browser = PageClient(client.app)
    browser.sign_in()
    browser.post(page_of(audit), SAID)
    browser.post(page_of(audit, "/findings"), approval(browser, audit))
    assert "on 30 May 2027" in text_of(browser.get(page_of(audit, "/released.pdf")).data)
