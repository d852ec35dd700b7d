"""The standalone app starts only with matching tables and keys, and names what does not match."""

import os
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.keys import make_key_file
from surveyapp.foundation.store.schema import VERSION_TABLE, newest_revision
from surveyapp.planning.models import Audit
from surveyapp.standalone.app import create_app
from tests.row_maker import Maker


def again(app: Flask, **changed: str) -> Flask:
    session.rollback()
    names = ("SQLALCHEMY_DATABASE_URI", "SURVEY_KEY_FILE", "SURVEY_MAIL_FOLDER")
    return create_app({name: app.config[name] for name in names} | changed)


def test_the_app_starts_again_on_its_own_database_and_keys(app: Flask, make: Maker) -> None:
    make.audit(cases=1, agencies=1, returned=1)
    started = again(app)
    with started.app_context():
        engine().dispose()


def test_the_app_starts_while_somebody_writes(app: Flask, make: Maker) -> None:
    make.audit(cases=1, agencies=1)
    session.rollback()
    with engine().connect() as writer:
        writer.execute(update(Audit).values(title="Another title"))
        started = again(app)
        with started.app_context():
            engine().dispose()
        writer.rollback()


def test_a_database_of_another_release_is_refused_with_what_to_run(app: Flask) -> None:
    session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608 — our own name
    session.commit()
    needs = f"at revision 9999, this program needs {newest_revision()}: run .*survey upgrade"
    with pytest.raises(CannotStart, match=needs):
        again(app)


def test_keys_that_cannot_decrypt_the_stored_text_are_refused(
    app: Flask, make: Maker, tmp_path: Path
) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], (GivenAnswer("supervision", item="comment", text="Seen weekly."),))
    with pytest.raises(CannotStart, match="does not open what is stored") as refused:
        again(app, SURVEY_KEY_FILE=str(_other_keys(tmp_path)))
    assert "Seen weekly" not in str(refused.value)


def _other_keys(folder: Path) -> Path:
    make_key_file(folder / "other.json")
    return folder / "other.json"


def test_files_that_others_may_read_are_warned_of_at_the_start(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SURVEYAPP_FOLDER", str(tmp_path / "var"))
    for folder in (tmp_path / "var", tmp_path / "var" / "data"):
        folder.mkdir()
        folder.chmod(0o755)
    with again(app).app_context():
        engine().dispose()
    warned = [record.getMessage().partition(" is open")[0] for record in caplog.records]
    assert {str(tmp_path / "var"), str(tmp_path / "var" / "data")} <= set(warned)
    assert all("Run: chmod" in record.getMessage() for record in caplog.records)


def test_what_the_standalone_app_writes_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    monkeypatch.setenv("SURVEYAPP_FOLDER", str(tmp_path / "var"))
    try:
        with pytest.raises(CannotStart, match="survey upgrade"):
            create_app({})
        files = list((tmp_path / "var").rglob("*"))
        assert {path.name for path in files} >= {"keys.json", "data"}
        for path in (tmp_path / "var", *files):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    finally:
        os.umask(before)
