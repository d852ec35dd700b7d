"""The program says exactly what a lost key file costs, and does not start (promises D12)."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.commands.keys.key_file_changes import add_keys
from surveyapp.commands.keys.lost_keys import TEXTS_IN_WORDS, check_texts_open
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.encrypted_text import encrypted_columns
from surveyapp.foundation.store.keys import keys, make_key_file, read_key_file
from surveyapp.planning.models import Audit, Involvement
from surveyapp.standalone.app import create_app
from tests.row_maker import Maker

NOT_LOST = "Not lost are chosen answers and every count of them, dates, pseudonyms, names and addresses"


def answered(make: Maker, session: Session) -> Audit:
    """Three comments, one reference and two links."""
    audit = make.audit(cases=3, agencies=2)
    for audit_request in make.requests(audit)[:3]:
        make.returned(audit_request, (GivenAnswer("supervision", item="comment", text="Seen weekly."),))
    session.query(Involvement).order_by(Involvement.id).limit(1).one().own_reference = "4711/b"
    session.commit()
    return audit


def started_with(app: Flask, file: Path) -> None:
    """Start the app again with another key file."""
    names = ("SQLALCHEMY_DATABASE_URI", "SURVEY_MAIL_FOLDER")
    again = create_app({**{name: app.config[name] for name in names}, "SURVEY_KEY_FILE": str(file)})
    with again.app_context():
        engine().dispose()


def test_a_missing_key_file_is_refused_with_what_is_lost_what_is_not_and_what_to_do(
    app: Flask, make: Maker, session: Session, tmp_path: Path
) -> None:
    answered(make, session)
    session.rollback()
    with pytest.raises(CannotStart) as refused:
        started_with(app, tmp_path / "none.json")
    message = refused.value.message
    assert f"The key file {tmp_path / 'none.json'} is missing." in message
    lost = "4 texts (3 in answers and comments, 1 agencies’ own references) and 2 links sent to contacts"
    assert f"Lost without it: {lost}." in message
    assert NOT_LOST in message
    assert "Put the key file back from where its copy is kept, and start again." in message
    assert not (tmp_path / "none.json").exists(), "A new file would look as if all were well."


def test_texts_alone_are_enough_to_ask_for_the_key_file(
    app: Flask, make: Maker, session: Session, tmp_path: Path
) -> None:
    audit = make.audit(issued=False)
    audit.reopened_reason = "A mistake."
    session.commit()
    session.rollback()
    with pytest.raises(
        CannotStart, match=r"Lost without it: 1 text \(1 of reasons and notes of staff\)\. Not"
    ):
        started_with(app, tmp_path / "none.json")


def test_a_new_database_begins_with_a_new_key_file(app: Flask, session: Session, tmp_path: Path) -> None:
    session.rollback()
    started_with(app, tmp_path / "none.json")
    assert read_key_file(tmp_path / "none.json")


def test_the_key_file_of_another_database_is_refused_with_what_it_does_not_open(
    app: Flask, make: Maker, session: Session, tmp_path: Path
) -> None:
    answered(make, session)
    make_key_file(tmp_path / "other.json")
    session.rollback()
    with pytest.raises(CannotStart) as refused:
        started_with(app, tmp_path / "other.json")
    message = refused.value.message
    assert f"The key file {tmp_path / 'other.json'} does not open what is stored" in message
    assert "4 texts (3 in answers and comments, 1 agencies’ own references), and perhaps links" in message
    assert NOT_LOST in message
    assert "Seen weekly" not in message


def test_a_key_that_was_taken_out_by_hand_is_missed_if_only_the_newest_text_needs_it(
    app: Flask, make: Maker, session: Session
) -> None:
    file, before = app.extensions["survey"].settings.key_file, keys()
    answered(make, session)
    add_keys(file, ["data"])
    newest = session.execute(text("SELECT max(id) FROM survey_answer WHERE text IS NOT NULL")).scalar_one()
    again = keys().texts.encrypt("Seen daily.", "survey_answer.text")
    session.execute(
        text("UPDATE survey_answer SET text = :again WHERE id = :newest"), {"again": again, "newest": newest}
    )
    session.commit()
    check_texts_open(file, keys().texts)
    with pytest.raises(
        CannotStart, match=r"Lost without the right one: 1 text \(1 in answers and comments\)"
    ):
        check_texts_open(file, before.texts)


def test_every_column_of_texts_has_words() -> None:
    missing = {column.table.name for column in encrypted_columns()} - TEXTS_IN_WORDS.keys()
    assert not missing, f"Say in TEXTS_IN_WORDS what is lost with the texts of {missing}."


@pytest.mark.parametrize(
    ("module", "left_out"), [("surveyapp.extension", {"survey_staff"}), ("surveyapp.standalone.app", set())]
)
def test_a_command_knows_every_column_although_it_loads_no_page(module: str, left_out: set[str]) -> None:
    """A table that was not loaded would keep texts under keys that are dropped."""
    program = (
        f"import {module}, surveyapp.commands.keys.rotate_keys as _\n"
        "from surveyapp.commands.keys.stored_texts import columns_of_texts\n"
        "print(*columns_of_texts())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    all_of_them = {str(column) for column in encrypted_columns() if column.table.name not in left_out}
    assert set(printed.stdout.split()) == all_of_them
