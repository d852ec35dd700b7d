"""Writing the case example and the practitioner's view."""

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
from tests.row_maker import Maker


def write(
    audit: Audit, words: str, *, kind: str = "case_example", case: int | None = None, seen: str | None = None
) -> None:
    if seen is None:
        seen = narrative_digest(narrative_of(audit.id, kind))
    with transaction():
        write_narrative(audit, kind, words, case_id=case, seen=seen, actor=MANAGER, now=MONDAY_MORNING)


def test_a_text_is_written_changed_and_removed(commented_audit: Audit, session: Session) -> None:
    case = commented_audit.cases[0].id
    write(commented_audit, " A child came back. ", case=case)
    write(commented_audit, "I saw the family.", kind="practitioner")
    assert [
        (narrative.kind, narrative.text, narrative.case_id) for narrative in narratives_of(commented_audit.id)
    ] == [
        ("case_example", "A child came back.", case),
        ("practitioner", "I saw the family.", None),
    ]
    assert b"family" not in session.execute(text("SELECT text FROM survey_narrative")).scalars().all()[1]
    write(commented_audit, "Another.", case=None)
    write(commented_audit, "  ", kind="practitioner")
    write(commented_audit, "", kind="practitioner")
    assert [(narrative.kind, narrative.text) for narrative in narratives_of(commented_audit.id)] == [
        ("case_example", "Another.")
    ]
    actions = session.execute(
        select(Event.action, Event.detail).where(Event.action.like("%narrative")).order_by(Event.id)
    )
    assert [tuple(row) for row in actions] == [
        ("wrote_narrative", "case_example"),
        ("wrote_narrative", "practitioner"),
        ("wrote_narrative", "case_example"),
        ("removed_narrative", "practitioner"),
    ]


def test_invalid_details_are_refused(commented_audit: Audit, make: Maker) -> None:
    with pytest.raises(FieldRefused) as refused:
        write(commented_audit, "x" * 20_001)
    assert refused.value.field == "text"
    with pytest.raises(FieldRefused) as refused:
        write(commented_audit, "A child.", case=make.audit(cases=1, agencies=1).cases[0].id)
    assert refused.value.field == "case"
    with pytest.raises(NotFound):
        write(commented_audit, "A child.", kind="poem")


def test_conflicting_edits_are_refused(commented_audit: Audit) -> None:
    seen = narrative_digest(None)
    write(commented_audit, "Hers.", seen=seen)
    with pytest.raises(EditConflict):
        write(commented_audit, "Mine.", seen=seen)
