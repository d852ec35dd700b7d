"""`survey rotate-keys` loses no text, whoever has the key file open and wherever it is stopped."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select, text, type_coerce
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.commands.keys import text_rotation
from surveyapp.commands.keys.key_file_changes import KeyFileFixed, add_keys
from surveyapp.commands.keys.text_rotation import encrypt_all_again, texts_under_old_keys
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import now
from surveyapp.foundation.event_chain.operations import seal_events
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.keys import keys, read_key_file
from surveyapp.issuing.links import grant_for_token, link_for
from surveyapp.planning.models import Audit
from tests.commands.terminal import Run
from tests.row_maker import Maker

PLACE = "survey_answer.text"


@pytest.fixture
def file(app: Flask) -> Path:
    """The key file of the app."""
    file: Path = app.extensions["survey"].settings.key_file
    return file


def answered(make: Maker, texts: int) -> Audit:
    """An audit with this many returns, each with one text."""
    audit = make.audit(cases=texts, agencies=1)
    for number, audit_request in enumerate(make.requests(audit)):
        said = GivenAnswer("supervision", item="comment", text=f"Seen {number} times.")
        make.returned(audit_request, (said,))
    return audit


def said(session: Session) -> list[str | None]:
    session.expire_all()
    found = list(session.scalars(select(Answer.text).order_by(Answer.id)))
    session.rollback()
    return found


def prefixes(session: Session) -> set[bytes]:
    stored = session.scalars(select(type_coerce(Answer.text, LargeBinary)))
    found = {bytes(text[:5]) for text in stored}
    session.rollback()
    return found


def made_old(file: Path) -> None:
    """Let the key file be as old as if it had been changed two minutes ago."""
    ago = now().timestamp() - 120
    os.utime(file, (ago, ago))


def test_every_ring_has_a_new_key_and_every_text_is_encrypted_with_it(
    run: Run, make: Maker, session: Session, file: Path
) -> None:
    answered(make, 3)
    before, kept = read_key_file(file), said(session)
    output = run("rotate-keys").stdout
    assert "New keys are in use: link, data and secret." in output
    assert f"{PLACE}: 3" in output
    assert "3 texts encrypted again." in output
    assert [len(ring) for ring in (keys().link, keys().data, keys().secret)] == [2, 2, 2]
    assert prefixes(session) == {keys().texts.newest_prefix} != {before.texts.newest_prefix}
    assert said(session) == kept
    events = session.execute(select(Event.action, Event.detail).order_by(Event.id.desc()).limit(2)).all()
    assert [tuple(event) for event in events] == [
        ("encrypted_again", "3 texts, 0 unreadable"),
        ("rotated_keys", "link, data and secret"),
    ]


def test_more_texts_than_a_batch_are_all_encrypted_again(
    run: Run, make: Maker, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_rotation, "BATCH", 2)
    monkeypatch.setattr(text_rotation, "COUNTED", 3)
    answered(make, 7)
    add_keys(file, ["data"])
    assert texts_under_old_keys() == {PLACE: 7}
    assert "7 texts encrypted again." in run("rotate-keys", "data").stdout
    assert texts_under_old_keys() == {}


def test_a_batch_holds_only_so_many_bytes_and_at_least_one_text(
    make: Maker, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = (10, 900, 10, 10, 10, 900, 10)
    for audit_request, size in zip(make.requests(make.audit(cases=7, agencies=1)), sizes, strict=True):
        make.returned(audit_request, (GivenAnswer("supervision", item="comment", text="a" * size),))
    monkeypatch.setattr(text_rotation, "MOST_BYTES", 200)
    batches = list[int]()
    changes = text_rotation._changes  # noqa: SLF001 — where each batch passes

    def count(place: str, batch: Any, rotation: text_rotation.TextRotation) -> Iterator[dict[str, object]]:
        if place == PLACE:
            batches.append(len(batch))
        return changes(place, batch, rotation)

    monkeypatch.setattr(text_rotation, "_changes", count)
    add_keys(file)
    assert encrypt_all_again().count == 7
    assert batches == [1, 1, 3, 1, 1]
    assert [len(text or "") for text in said(session)] == list(sizes)


def test_an_interrupted_rotation_is_finished_by_the_next_without_another_key(
    run: Run, make: Maker, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(make, 6)
    kept = said(session)
    monkeypatch.setattr(text_rotation, "BATCH", 2)
    batches = iter(range(1))

    def stopped(_seconds: float) -> None:
        if next(batches, None) is None:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", stopped)
    add_keys(file)
    with pytest.raises(KeyboardInterrupt):
        encrypt_all_again()
    session.rollback()
    assert 0 < sum(texts_under_old_keys().values()) < 6
    assert said(session) == kept, "Half of them are under either key."
    monkeypatch.undo()
    output = run("rotate-keys").stdout
    assert "texts of an earlier rotation are left." in output
    assert "New keys" not in output
    assert len(keys().data) == 2
    assert said(session) == kept
    assert texts_under_old_keys() == {}


def test_a_text_that_somebody_changes_meanwhile_is_what_they_wrote(
    make: Maker, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(make, 2)
    add_keys(file)
    changes = text_rotation._changes  # noqa: SLF001 — the moment between reading and writing

    def change_first(place: str, batch: object, rotation: text_rotation.TextRotation) -> object:
        found = list(changes(place, batch, rotation))
        with transaction():
            session.get_one(Answer, found[0]["row"]).text = "Meanwhile."
        return iter(found)

    monkeypatch.setattr(text_rotation, "_changes", change_first)
    assert encrypt_all_again().count == 1
    assert said(session) == ["Meanwhile.", "Seen 1 times."]


def test_a_text_that_does_not_open_is_named_and_stays_as_it_is(
    run: Run, make: Maker, session: Session
) -> None:
    answered(make, 2)
    session.execute(
        text("UPDATE survey_involvement SET own_reference = (SELECT text FROM survey_answer LIMIT 1)")
    )
    session.commit()
    result = run("rotate-keys")
    assert result.exit_code == 1
    assert (
        "2 texts did not open and stay as they are: survey_involvement.own_reference of row" in result.stderr
    )
    assert "2 texts encrypted again." in result.stdout
    assert all(text is not None for text in said(session))


def test_old_data_keys_are_dropped_once_no_text_needs_them(
    run: Run, make: Maker, session: Session, file: Path
) -> None:
    answered(make, 2)
    kept = said(session)
    add_keys(file)
    made_old(file)
    refused = run("rotate-keys", "--drop-old", "data", "link", "--yes")
    assert refused.exit_code == 1
    assert f"2 texts are encrypted with an old data key ({PLACE}: 2). Nothing was dropped." in refused.stderr
    assert "survey rotate-keys data" in refused.stderr
    assert len(read_key_file(file).link) == 2, "Nothing, of no ring."
    run("rotate-keys", "data")
    made_old(file)
    output = run("rotate-keys", "--drop-old", "data", "--yes").stdout
    assert "1 old key of the ring “data” dropped." in output
    assert len(keys().data) == 1
    assert said(session) == kept


def test_old_data_keys_stay_while_texts_stand_in_a_column_that_the_program_does_not_know(
    run: Run, make: Maker, session: Session, file: Path
) -> None:
    answered(make, 1)
    binary = "BLOB" if session.get_bind().dialect.name == "sqlite" else "BYTEA"
    session.execute(text(f"CREATE TABLE survey_of_later (said {binary})"))
    session.execute(text("INSERT INTO survey_of_later SELECT text FROM survey_answer"))
    session.commit()
    run("rotate-keys")
    made_old(file)
    refused = run("rotate-keys", "--drop-old", "data", "--yes")
    assert refused.exit_code == 1
    assert "encrypted texts in survey_of_later.said, which this program does not know" in refused.stderr
    assert len(read_key_file(file).data) == 2
    session.execute(text("DROP TABLE survey_of_later"))
    session.commit()


def test_old_data_keys_stay_while_a_text_may_be_on_its_way(run: Run, make: Maker, file: Path) -> None:
    answered(make, 1)
    run("rotate-keys")
    moment = now().timestamp()
    os.utime(file, (moment - 59, moment - 59))
    refused = run("rotate-keys", "--drop-old", "data", "--yes")
    assert refused.exit_code == 1
    assert "changed less than a minute ago" in refused.stderr
    assert len(read_key_file(file).data) == 2


def test_dropping_link_keys_says_how_many_links_end(
    run: Run, make: Maker, session: Session, file: Path
) -> None:
    grants = make.grants(make.audit(agencies=2)), make.grants(make.audit(agencies=1))
    old_link = link_for(grants[0][0])
    session.execute(text("UPDATE survey_audit SET closed_at = created_at WHERE id = 1"))
    session.commit()
    run("rotate-keys", "link")
    assert grant_for_token(old_link).id == grants[0][0].id
    session.rollback()
    asked = run("rotate-keys", "--drop-old", "link")
    assert asked.exit_code == 1
    assert "3 links of contacts" in asked.stdout
    assert "1 of them in open audits" in asked.stdout
    assert "0 calendar addresses stop working." in asked.stdout
    assert len(read_key_file(file).link) == 2, "Nobody has said yes."
    assert "1 old key of the ring “link” dropped." in run("rotate-keys", "--drop-old", "link", "--yes").stdout
    assert len(read_key_file(file).link) == 1


def test_dropping_keys_of_cookies_says_who_signs_in_again(run: Run) -> None:
    run("rotate-keys", "secret")
    output = run("rotate-keys", "--drop-old", "secret", "--yes").stdout
    assert "has not opened a page since the new key came signs in, or presses Start, again." in output


def test_the_log_agrees_with_seals_made_with_keys_that_were_dropped(run: Run, file: Path) -> None:
    for _ in range(2):
        run("rotate-keys")
        with transaction():
            seal_events(now())
        made_old(file)
        assert run("rotate-keys", "--drop-old", "data", "--yes").exit_code == 0
    with transaction():
        seal_events(now())
    verified = run("log", "--verify")
    assert "Every event agrees." in verified.stdout
    assert verified.exit_code == 0


def test_texts_are_encrypted_again_where_the_key_file_is_replaced_by_other_means(
    run: Run, make: Maker, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that is mounted cannot be replaced from inside."""

    def refuse(path: Path) -> None:
        raise KeyFileFixed(path, "it is mounted")

    answered(make, 2)
    add_keys(file)
    monkeypatch.setattr("surveyapp.commands.keys.rotate_keys.check_changeable", refuse)
    assert "2 texts encrypted again." in run("rotate-keys", "data").stdout
    refused = run("rotate-keys", "data")
    assert refused.exit_code == 1
    assert "it is mounted. Nothing was changed." in refused.stderr
    assert said(session) == ["Seen 0 times.", "Seen 1 times."]
    assert len(read_key_file(file).data) == 2


def test_what_is_dropped_has_to_be_named(run: Run) -> None:
    assert run("rotate-keys", "--drop-old", "--yes").exit_code == 2
    assert run("rotate-keys", "--drop-old", "--prepare").exit_code == 2
    assert run("rotate-keys", "cookies").exit_code == 2


def test_prepared_keys_are_used_by_the_next_rotation(
    run: Run, make: Maker, session: Session, file: Path
) -> None:
    answered(make, 1)
    assert "not in use" in run("rotate-keys", "--prepare", "data").stdout
    prepared = read_key_file(file).data[-1]
    assert texts_under_old_keys() == {}
    run("rotate-keys")
    assert keys().data[0] == prepared
    assert said(session) == ["Seen 0 times."]
