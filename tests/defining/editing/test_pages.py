"""Making and copying a form, its outline and settings, and using it for an audit."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.defining.queries import saved_form, usable_form
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.defining.conftest import COPIED_FROM
from tests.defining.editing.page_fields import page_fields
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_a_form_is_made_from_nothing(client: PageClient, session: Session) -> None:
    refused = client.post("/forms/new", {"title": " ", "source": "Ours"}, status=422).text
    assert "Enter a title, such as Neglect 2026" in refused
    made = client.post("/forms/new", {"title": "Neglect 2026", "source": "Ours"})
    assert made.headers["Location"] == "/forms/neglect_2026/questions"
    outline = client.follow(made).text
    assert "The form has no question yet." in outline
    assert "Not ready" in client.get("/forms").text
    fields = page_fields(client.get("/forms/neglect_2026/new-question").text)
    added = client.post(
        "/forms/neglect_2026/new-question",
        fields | {"ask": "What helped?", "kind": "long_text", "then": "another"},
    )
    assert added.headers["Location"] == "/forms/neglect_2026/new-question"
    form = usable_form("neglect_2026")
    assert [(question.id, question.comment) for question in form.questions] == [("what_helped", None)]
    assert [event.action for event in session.query(Event).order_by(Event.id)] == [
        "made_form",
        "changed_form",
    ]


def test_a_second_form_of_one_title_gets_an_id_of_its_own(client: PageClient) -> None:
    for form_id in ("neglect_2024_2", "neglect_2024_3"):
        made = client.post("/forms/new", {"title": "Neglect 2024", "source": "Ours"})
        assert made.headers["Location"] == f"/forms/{form_id}/questions"
    assert usable_form("neglect_2024").title == "Child Protection Plans for neglect"


def test_the_words_new_and_upload_name_no_form(client: PageClient) -> None:
    made = client.post("/forms/new", {"title": "New", "source": "Ours"})
    assert made.headers["Location"] == "/forms/new_2/questions"


def test_a_copy_keeps_the_notes_above_the_file_and_says_which_it_loses(
    client: PageClient, copy: str, session: Session
) -> None:
    page = client.get(f"/forms/{COPIED_FROM}/copy").text
    assert "Notes in the file that the copy does not keep: 1" in page
    assert "Line 24: the report&#39;s sections 3.1 to 3.6" in page
    session.rollback()
    fields = page_fields(client.get(f"/forms/{copy}/questions/supervision").text)
    client.post(f"/forms/{copy}/questions/supervision", fields | {"ask": "Was it discussed?"})
    session.rollback()
    assert saved_form(copy).text.startswith("# The audit template of appendix 3")


def test_questions_move_by_buttons(client: PageClient, copy: str) -> None:
    moved = client.post(f"/forms/{copy}/questions/supervision/move", {"press": "up"})
    assert moved.headers["Location"] == f"/forms/{copy}/questions#question-supervision"
    outline = client.follow(moved).text
    assert outline.index("overseen or discussed") < outline.index("file for this child contain?")
    client.post(f"/forms/{copy}/questions/supervision/move", {"press": "down"})
    assert usable_form(copy).questions[1].id == "supervision"


def test_themes_are_added_renamed_and_removed_unless_questions_belong_to_them(
    client: PageClient, copy: str
) -> None:
    address = f"/forms/{copy}/settings"
    fields = page_fields(client.get(address).text)
    page = client.post(address, fields | {"themes-0-label": ""}, status=422).text
    assert (
        "3 questions belong to “File/record management”: give them another theme before you remove it" in page
    )
    client.post(address, fields | {"themes-0-label": "Records", "themes-6-label": "Fathers", "minutes": "25"})
    form = usable_form(copy)
    assert form.minutes == 25
    assert (form.themes["records"], form.themes["fathers"]) == ("Records", "Fathers")
    assert "No question belongs to this theme." in client.get(f"/forms/{copy}/questions").text
    assert "Someone else changed this" in client.post(address, fields | {"title": "Late"}, status=409).text
    fields = page_fields(client.get(address).text)
    client.post(address, fields | {"themes-6-label": ""})
    assert "fathers" not in usable_form(copy).themes
    assert "from 1 to 600" in client.post(address, fields | {"minutes": "0"}, status=422).text


def test_a_form_is_tried_as_a_gp_planned_with_and_frozen_once_issued(
    client: PageClient, copy: str, make: Maker, session: Session
) -> None:
    outline = client.get(f"/forms/{copy}/questions").text
    assert "in 2 versions by kind of agency" in outline
    assert "supervision" not in re.sub(r"<[^>]+>", "", client.get(f"/forms/{copy}?kind=gp").text)
    assert re.search(rf'value="{copy}" checked', client.get(f"/audits/new?form={copy}").text), (
        "The form is chosen on the page that plans an audit."
    )
    audit = make.audit(cases=1, agencies=1, issued=False)
    session.get_one(Audit, audit.id).form_id = copy
    session.commit()
    client.post(
        f"/forms/{copy}/questions/supervision",
        page_fields(client.get(f"/forms/{copy}/questions/supervision").text) | {"ask": "Was it discussed?"},
    )
    with transaction():
        issue_requests(session.get_one(Audit, audit.id), actor="Ann Lee", now=MONDAY_MORNING)
    assert session.get_one(Audit, audit.id).form.question("supervision").ask == "Was it discussed?"
    session.rollback()
    outline = client.get(f"/forms/{copy}/questions").text
    assert "so it stays as agencies saw it" in outline
    assert "Plan an audit with it" not in outline
    for address in ("questions/supervision", "new-question", "settings", "answers/yes_no_na"):
        assert "Copy it, and change the copy." in client.get(f"/forms/{copy}/{address}", status=409).text
    refused = client.post(f"/forms/{copy}/questions/supervision/move", {"press": "up"}, status=409).text
    assert "An audit was issued with this form" in refused
    assert usable_form(copy).question("supervision").number == 2


def test_a_form_that_is_put_away_is_offered_no_longer_but_audits_keep_it(
    client: PageClient, copy: str
) -> None:
    assert f'value="{copy}"' in client.get("/audits/new").text
    page = client.follow(client.post(f"/forms/{copy}/put-away")).text
    assert "Forms put away: 1" in page
    assert f'value="{copy}"' not in client.get("/audits/new").text
    assert usable_form(copy).title == "Repeat plans 2026"
    client.post(f"/forms/{copy}/bring-back")
    assert f'value="{copy}"' in client.get("/audits/new").text


def test_pages_of_a_form_need_few_statements(
    client: PageClient, copy: str, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    for _ in range(4):
        client.post(f"/forms/{COPIED_FROM}/copy", {"title": "Another", "source": "Ours"})
    with queries(5):
        client.get("/forms")
    with queries(6):
        client.get(f"/forms/{copy}/questions")
    with queries(5):
        client.get(f"/forms/{copy}/questions/supervision")


def test_a_stranger_sees_and_changes_no_form(stranger: PageClient, copy: str) -> None:
    assert stranger.http.get(f"/forms/{copy}/questions").status_code in {302, 401}
    assert stranger.http.post(f"/forms/{copy}/questions/supervision").status_code in {302, 400, 401}
