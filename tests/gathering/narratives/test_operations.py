"""The case example and the practitioner’s view: one text each, tied to a case, looked at first."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.narratives.operations import narrative_digest, narrative_of, write_narrative
from surveyapp.gathering.queries import narratives_of
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.page_client import PageClient
from tests.row_maker import Maker


def write(
    audit: Audit, words: str, *, kind: str = "case_example", case: int | None = None, seen: str | None = None
) -> None:
    if seen is None:
        seen = narrative_digest(narrative_of(audit.id, kind))
    with transaction():
        write_narrative(audit, kind, words, case_id=case, seen=seen, actor=MANAGER, now=MONDAY_MORNING)


def test_a_text_is_written_changed_and_taken_away(said: Audit, session: Session) -> None:
    case = said.cases[0].id
    write(said, " A child came back. ", case=case)
    write(said, "I saw the family.", kind="practitioner")
    assert [(each.kind, each.text, each.case_id) for each in narratives_of(said.id)] == [
        ("case_example", "A child came back.", case),
        ("practitioner", "I saw the family.", None),
    ]
    assert b"family" not in session.execute(text("SELECT text FROM survey_narrative")).scalars().all()[1]
    write(said, "Another.", case=None)
    write(said, "  ", kind="practitioner")
    write(said, "", kind="practitioner")
    assert [(each.kind, each.text) for each in narratives_of(said.id)] == [("case_example", "Another.")]
    actions = session.execute(
        select(Event.action, Event.detail).where(Event.action.like("%narrative")).order_by(Event.id)
    )
    assert [tuple(row) for row in actions] == [
        ("wrote_narrative", "case_example"),
        ("wrote_narrative", "practitioner"),
        ("wrote_narrative", "case_example"),
        ("removed_narrative", "practitioner"),
    ]


def test_what_cannot_be_kept_is_refused(said: Audit, make: Maker) -> None:
    with pytest.raises(FieldRefused) as refused:
        write(said, "x" * 20_001)
    assert refused.value.field == "text"
    with pytest.raises(FieldRefused) as refused:
        write(said, "A child.", case=make.audit(cases=1, agencies=1).cases[0].id)
    assert refused.value.field == "case"
    with pytest.raises(NotFound):
        write(said, "A child.", kind="poem")


def test_the_later_of_two_is_shown_the_earlier(said: Audit) -> None:
    seen = narrative_digest(None)
    write(said, "Hers.", seen=seen)
    with pytest.raises(EditConflict):
        write(said, "Mine.", seen=seen)


def test_staff_write_it_on_a_page_and_look_at_what_may_identify(client: PageClient, said: Audit) -> None:
    path, case = f"/audits/{said.id}/narratives/case_example", said.cases[0].id
    page = client.get(path).text
    assert "told so that nobody can tell who it is" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    sent = {"seen": seen, "case": case, "text": "Mrs Kaur rang.\n\nThen nobody did."}
    page = client.post(path, sent, status=422).text
    assert "“Mrs Kaur”" in page
    assert "looks like a person’s name" in page
    assert "Then nobody did.</textarea>" in page
    client.post(path, {**sent, "keep": "y"})
    page = client.get(path).text
    assert f'<option value="{case}" selected>' in page
    page = client.post(path, {**sent, "text": "Mine."}, status=409).text
    for words in ("Someone else changed this", "Mrs Kaur rang.", "Mine.</textarea>"):
        assert words in page
    client.get(f"/audits/{said.id}/narratives/poem", status=404)
    client.post(f"/audits/{said.id}/narratives/poem", sent, status=409)
    client.post(path, {**sent, "text": "x" * 20_001}, status=422)
    client.post(path, {**sent, "text": "Short.", "case": 999, "seen": fresh(client, path)}, status=422)
    client.post(path, {"seen": fresh(client, path), "text": ""})
    assert narratives_of(said.id) == ()


def fresh(client: PageClient, path: str) -> str:
    return client.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
