"""`backup` copies the database as it is served, with a manifest, and never over anything."""

import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.foundation.backups.manifest import check_against, manifest_file, read_manifest
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import Base, engine
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.schema import newest_revision
from tests.commands.terminal import Run
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_backup_is_named_counted_and_checked(run: Run, make: Maker, tmp_path: Path) -> None:
    make.audit(cases=2, agencies=2, returned=3)
    result = run("backup", tmp_path / "monday")
    assert (result.exit_code, result.stderr) == (0, "")
    manifest = read_manifest(tmp_path / "monday")
    assert manifest is not None
    check_against(manifest, tmp_path / "monday")
    assert manifest.revision == newest_revision()
    assert manifest.taken_at == MONDAY_MORNING
    assert manifest.engine == engine().dialect.name
    assert manifest.rows["survey_return"] == 3
    assert manifest.rows["survey_audit_request"] == 4
    assert set(Base.metadata.tables) <= set(manifest.rows)
    assert f"{manifest.row_count:,} rows of {len(manifest.rows)} tables" in result.stdout


def test_the_rows_of_the_manifest_are_those_of_the_database(
    run: Run, make: Maker, session: Session, tmp_path: Path
) -> None:
    make.audit(cases=3, agencies=2, returned=2)
    run("backup", tmp_path / "monday")
    manifest = read_manifest(tmp_path / "monday")
    assert manifest is not None
    for name, table in Base.metadata.tables.items():
        assert manifest.rows[name] == session.scalar(select(func.count()).select_from(table)), name
    session.rollback()
    assert set(manifest.rows) == set(inspect(engine()).get_table_names())


def test_it_says_that_the_keys_are_not_in_it(app: Flask, run: Run, tmp_path: Path) -> None:
    said = run("backup", tmp_path / "monday").stdout
    with app.app_context():
        assert f"The key file {settings().key_file} is not in it: keep a copy elsewhere" in said
        contents = (tmp_path / "monday").read_bytes() + manifest_file(tmp_path / "monday").read_bytes()
        for key in (*keys().link, *keys().data, *keys().secret):
            assert key not in contents
            assert key.hex().encode() not in contents


def test_forms_in_files_of_ones_own_are_said_not_to_be_in_it(app: Flask, run: Run, tmp_path: Path) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(
        state, settings=replace(state.settings, forms_folder=str(tmp_path / "forms"))
    )
    assert f"The forms in {tmp_path / 'forms'} are not in it" in run("backup", tmp_path / "monday").stdout


def test_its_files_are_for_their_owner_alone(run: Run, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run("backup", tmp_path / "monday")
    finally:
        os.umask(before)
    for file in (tmp_path / "monday", manifest_file(tmp_path / "monday")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_gets_a_file_named_by_the_time(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    run("backup", folder)
    names = sorted(file.name for file in folder.iterdir())
    assert re.fullmatch(r"surveyapp-20261130-090000\.(sqlite|dump)", names[0])
    assert names[1:] == [f"{names[0]}.manifest.json"]


def test_nothing_is_written_over(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "monday"
    run("backup", file)
    before = file.read_bytes()
    result = run("backup", file)
    assert result.exit_code == 1
    assert result.stderr == f"{file} exists already. Name another file: none is written over.\n"
    assert file.read_bytes() == before
    file.unlink()
    assert f"{manifest_file(file)} exists already" in run("backup", file).stderr
    assert not file.exists()


def test_a_folder_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "not mounted" / "monday")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"There is no folder {tmp_path / 'not mounted'}.")


@pytest.mark.skipif(os.geteuid() == 0, reason="Root may write everywhere.")
def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o500)
    result = run("backup", folder)
    assert result.stderr.startswith("No backup was made: Permission denied")


@pytest.mark.sqlite
def test_a_copy_is_one_file_that_sqlite_finds_whole(run: Run, make: Maker, tmp_path: Path) -> None:
    make.audit(cases=2, agencies=2, returned=1)
    run("backup", tmp_path / "monday")
    assert sorted(file.name for file in tmp_path.glob("monday*")) == ["monday", "monday.manifest.json"]
    with closing(sqlite3.connect(tmp_path / "monday")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("SELECT count(*) FROM survey_return").fetchone() == (1,)


@pytest.mark.sqlite
def test_a_damaged_database_is_found_and_leaves_no_backup(
    app: Flask, run: Run, make: Maker, session: Session, tmp_path: Path
) -> None:
    make.audit(cases=4, agencies=4, returned=9)
    session.close()
    with app.app_context():
        database = Path(engine().url.database or "")
        engine().dispose()
    with closing(sqlite3.connect(database)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'survey_answer'"
        ).fetchone()[0]
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    result = run("backup", tmp_path / "monday")
    assert result.exit_code == 1
    assert "not whole" in result.stderr or "malformed" in result.stderr
    assert list(tmp_path.glob("monday*")) == []


@pytest.mark.postgresql
def test_without_pg_dump_it_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("backup", tmp_path / "monday")
    assert result.exit_code == 1
    assert result.stderr.startswith("The program pg_dump is not on this machine. Install PostgreSQL")
    assert list(tmp_path.glob("monday*")) == []


@pytest.mark.postgresql
def test_what_pg_dump_says_is_passed_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "pg_dump").write_text("#!/bin/sh\necho 'server version mismatch' >&2\nexit 1\n")
    (fake / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")
    result = run("backup", tmp_path / "monday")
    assert result.stderr == "pg_dump could not do it: server version mismatch\n"
    assert shutil.which("pg_dump") == str(fake / "pg_dump")
    assert list(tmp_path.glob("monday*")) == []


def test_what_is_stored_after_the_backup_is_not_in_it(
    run: Run, make: Maker, session: Session, tmp_path: Path
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    run("backup", tmp_path / "before")
    make.returned(make.requests(audit)[1])
    run("backup", tmp_path / "after")
    manifests = [read_manifest(tmp_path / name) for name in ("before", "after")]
    assert [manifest and manifest.rows["survey_return"] for manifest in manifests] == [1, 2]
    assert session.scalar(select(func.count()).select_from(Return)) == 2
