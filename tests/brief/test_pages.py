"""The page on which a brief is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.brief.brief import Resource
from surveyapp.brief.library.operations import add_to_library
from surveyapp.brief.models import SavedBrief
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit, Case
from tests.brief.written_brief import TYPED, page_of, text_of, words_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_an_unsaved_brief_is_filled_from_the_audit(client: PageClient, audit: Audit) -> None:
    page = client.get(page_of(audit)).text
    assert "The eight children were" in page
    assert (
        "These audited their involvement with the eight children: Northside Health and Northside Police."
        in page
    )
    assert "A draft." in page
    assert f'href="{page_of(audit)}"' in client.get(f"/audits/{audit.id}").text


def test_a_saved_brief_is_shown_again_and_printed(client: PageClient, audit: Audit, session: Session) -> None:
    with transaction():
        made = add_to_library(
            Resource("Neglect toolkit", "how to name it", "https://tools.example/a"),
            actor="a",
            now=MONDAY_MORNING,
        )
    saved = client.post(page_of(audit), {**TYPED, "resources": [str(made.id), "999"]})
    page = client.follow(saved).text
    assert "The brief is saved." in page
    assert "Visits were missed" in page
    assert "&lt;b&gt;marked&lt;/b&gt; {{ 7*7 }} #panic" in page
    kept = session.scalars(select(SavedBrief)).one()
    assert kept.version == 1
    assert [brief_resource.resource_id for brief_resource in kept.shown] == [made.id]
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
    events = {event.action: event.detail for event in session.scalars(select(Event))}
    assert events["saved_brief"] == "version 1"
    assert events["exported_audit"] == "brief .pptx"


def test_the_page_of_a_brief_takes_at_most_fourteen_statements(
    client: PageClient,
    make: Maker,
    queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    audit = make.audit(cases=15, agencies=6, returned=77)
    page = page_of(audit)
    with queries(14):
        client.get(page)
    client.post(page, TYPED)
    with queries(14):
        client.get(page)


def test_a_field_with_too_many_characters_is_refused_and_shown_again(
    client: PageClient, audit: Audit, session: Session
) -> None:
    page = client.post(page_of(audit), {**TYPED, "worries": "x" * 40_000}, status=422).text
    assert "What we are worried about: use 4,000 characters or fewer" in page
    assert "x" * 40_000 in page
    for field, typed in (
        ("discussed", "many"),
        ("question", "nonsense"),
        ("audited_on", ["31", "2", "2026"]),
    ):
        client.post(page_of(audit), {**TYPED, field: typed}, status=422)
    assert session.scalar(select(SavedBrief)) is None


def test_a_save_over_a_newer_version_is_refused_and_both_texts_are_shown(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), TYPED)
    page = client.post(page_of(audit), {**TYPED, "worries": "Mine, later"}, status=409).text
    assert "Someone else saved this brief while you wrote" in page
    assert "Mine, later" in page
    assert "Visits were missed" in page
    client.post(page_of(audit), {**TYPED, "worries": "Mine, later", "seen": "1"})
    assert "Mine, later" in session.scalars(select(SavedBrief)).one().texts


def test_an_audit_not_yet_issued_has_a_brief(client: PageClient, make: Maker) -> None:
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
