"""`restore` puts a backup in the place of the database, whole or not at all, and holds its mail."""

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Code, Return
from surveyapp.chasing.models import ChasedSlot
from surveyapp.diary.models import CalendarFeed
from surveyapp.diary.operations import make_feed, withdraw_feed
from surveyapp.foundation.backups.manifest import manifest_file
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.store.keys import make_key_file
from surveyapp.foundation.store.lasting_record import record_file
from surveyapp.foundation.store.models import Outbox, Switches
from surveyapp.issuing.grant_operations import grant_for, queue_request_email
from surveyapp.issuing.link_operations import send_new_link
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for, token_in
from surveyapp.issuing.models import Grant
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.planning.models import Audit
from surveyapp.standalone.models import Staff, StaffSession
from surveyapp.standalone.sessions.operations import begin_session
from tests.accounts import staff_row
from tests.commands.terminal import Run
from tests.conftest import MONDAY_MORNING
from tests.databases import POSTGRESQL, RenewableDatabase
from tests.row_maker import Maker

WEDNESDAY = MONDAY_MORNING + timedelta(days=2)


@pytest.fixture
def database(renewed: RenewableDatabase) -> str:
    """The address of a database without rows of earlier tests, to which nobody else is connected."""
    renewed.renew()
    renewed.release()
    return renewed.url


@pytest.fixture
def backup(run: Run, session: Session, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Back up; afterwards the databases that a restore has kept are dropped."""

    def make() -> Path:
        result = run("backup", tmp_path / "monday")
        assert result.exit_code == 0, result.stderr
        return tmp_path / "monday"

    yield make
    if engine().dialect.name == "postgresql":
        name = engine().url.database
        session.close()
        engine().dispose()
        server = create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            kept = connection.scalars(
                text("SELECT datname FROM pg_database WHERE datname LIKE :like"), {"like": f"{name}\\_%"}
            )
            for database in kept.all():
                connection.execute(text(f'DROP DATABASE "{database}" WITH (FORCE)'))
        server.dispose()


def test_p17_yesterdays_backup_restores_to_what_was_there(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    audit = make.audit(cases=3, agencies=2, returned=2)
    made = backup()
    make.returned_all(make.requests(audit)[2:])
    result = run("restore", made)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Restored the backup of Monday 30 November 2026 at 9:00am.\n" in result.stdout
    assert session.scalar(select(func.count()).select_from(Return)) == 2
    session.rollback()
    assert run("status", "1").exit_code == 0


def test_the_database_that_was_there_is_kept(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    audit = make.audit(cases=3, agencies=1, returned=1)
    made = backup()
    make.returned_all(make.requests(audit)[1:])
    said = run("restore", made).stdout
    kept = said.partition("is kept as ")[2].partition("\n")[0].removesuffix(".")
    url = f"sqlite:///{kept}" if engine().dialect.name == "sqlite" else POSTGRESQL + kept
    before = create_engine(url)
    with before.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM survey_return")) == 3
    before.dispose()
    assert session.scalar(select(func.count()).select_from(Return)) == 1


def test_d14_a_restored_backup_sends_chases_and_closes_nothing_until_a_person_confirms(
    run: Run, app: Flask, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    audit = make.audit(cases=1, agencies=2)
    for grant in make.grants(audit):
        with transaction():
            queue_request_email(grant, "1", now=MONDAY_MORNING)
    audit_id, closes_at = audit.id, audit.closes_at
    assert closes_at is not None
    assert run("restore", backup()).exit_code == 0
    later = closes_at + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        once = run("work", "--once")
        assert "a person has to decide first.\n0 emails tried" in once.stdout
        assert session.get_one(Audit, audit_id).closed_at is None
        assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.state == "queued")) == 2
        session.rollback()
        resumed = run("mail", "--resume")
        assert resumed.exit_code == 1
        assert "emails from after it may have gone already" in resumed.stderr
        assert (
            "this is the backup of Monday 30 November 2026 at 9:00am. 2 messages queued."
            in run("mail").stdout
        )
        assert not worker.tick(later)
    assert app.name


def test_a_link_that_was_replaced_after_the_backup_stays_replaced(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    grant = make.grants(make.audit(cases=1, agencies=1))[0]
    grant_id, old = grant.id, token_in(link_for(grant))
    made = backup()
    with transaction():
        send_new_link(session.get_one(Grant, grant_id), seen=1, actor="Ann Lee", now=MONDAY_MORNING)
    sent = token_in(link_for(session.get_one(Grant, grant_id)))
    session.rollback()
    assert "1 ended link" in run("restore", made).stdout
    with pytest.raises(LinkUnknown):
        grant_for_token(old)
    assert grant_for_token(sent).id == grant_id
    with transaction():
        send_new_link(session.get_one(Grant, grant_id), seen=2, actor="Ann Lee", now=WEDNESDAY)
    newest = token_in(link_for(session.get_one(Grant, grant_id)))
    assert newest not in (old, sent), "no version number is given to two links"
    with pytest.raises(LinkUnknown):
        grant_for_token(sent)


def test_a_link_that_was_withdrawn_after_the_backup_stays_withdrawn_and_its_mail_is_cancelled(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    agency = make.agency()
    grant = make.grants(make.audit(cases=1, agencies=[agency]))[0]
    other = Contact(agency_id=agency.id, name="Cy Moss", email="moss@agency.example", role="deputy")
    session.add(other)
    session.commit()
    grant_id, token = grant.id, token_in(link_for(grant))
    with transaction():
        queue_request_email(grant, "1", now=MONDAY_MORNING)
    made = backup()
    with transaction():
        replace_contact(session.get_one(Grant, grant_id), other, actor="Ann Lee", now=MONDAY_MORNING)
    session.rollback()
    run("restore", made)
    with pytest.raises(LinkUnknown):
        grant_for_token(token)
    assert session.get_one(Grant, grant_id).revoked_at is not None
    assert session.scalars(select(Outbox.state)).all() == ["cancelled"]
    session.rollback()
    with transaction():
        again = grant_for(session.get_one(Audit, 1), session.get_one(Grant, grant_id).contact, now=WEDNESDAY)
        assert token_in(link_for(again)) != token


def test_codes_sessions_and_calendar_addresses_of_before_open_nothing(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    grant = make.grants(make.audit(cases=1, agencies=1))[0]
    session.add(Code(grant_id=grant.id, random_id="a" * 24, browser_id="b", created_at=MONDAY_MORNING))
    session.add(staff_row("Ann Lee"))
    session.commit()
    with transaction():
        begin_session(session.scalars(select(Staff)).one(), browser="Firefox", now=MONDAY_MORNING)
        make_feed(actor="Ann Lee", now=MONDAY_MORNING)
    made = backup()
    with transaction():
        withdraw_feed(actor="Ann Lee", now=MONDAY_MORNING)
    epoch = session.scalars(select(Staff.session_epoch)).one()
    session.rollback()
    run("restore", made)
    assert session.scalars(select(Code.used_at)).one() is not None
    assert session.scalars(select(StaffSession.ended_at)).one() is not None
    assert session.scalars(select(Staff.session_epoch)).one() == epoch + 1
    assert session.scalars(select(CalendarFeed.revoked_at)).one() is not None


def test_chasers_of_days_before_the_restore_are_not_sent_again(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit_id = audit.id
    made = backup()
    # Two working days after the due day, 18 December, two of the three slots have passed.
    with time_machine.travel(MONDAY_MORNING.replace(month=12, day=22), tick=False):
        run("restore", made)
        with transaction():
            session.get_one(Switches, 1).restored_backup_at = None
            session.get_one(Switches, 1).last_tick_at = None
        assert worker.tick(MONDAY_MORNING.replace(month=12, day=22))
    assert session.scalars(select(Outbox)).all() == []
    days = session.scalars(select(ChasedSlot.working_days).where(ChasedSlot.audit_id == audit_id))
    assert sorted(days) == [-5, 0]


def test_a_newer_revision_is_refused_in_a_sentence(run: Run, backup: Callable[[], Path]) -> None:
    made = backup()
    content = json.loads(manifest_file(made).read_text())
    manifest_file(made).write_text(json.dumps({**content, "revision": "9999"}))
    result = run("restore", made)
    assert result.exit_code == 1
    assert result.stderr.startswith("This backup is at revision 9999, and this program knows revisions up to")


def test_an_older_revision_is_upgraded_with_a_sentence(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path], tmp_path: Path
) -> None:
    make.audit(cases=2, agencies=1, returned=1)
    session.rollback()
    older = f"{int(schema.newest_revision()) - 1:04}"
    schema.downgrade(engine(), to=older)
    with pytest.MonkeyPatch.context() as program:
        program.setattr(schema, "newest_revision", lambda: older)
        made = backup()
    schema.upgrade(engine(), now=MONDAY_MORNING)
    for copy in tmp_path.rglob("*.before-upgrade-*"):
        copy.unlink()
    said = run("restore", made).stdout
    assert f"It was at revision {older} and is upgraded to {schema.newest_revision()}.\n" in said
    assert session.scalar(select(func.count()).select_from(Return)) == 1
    assert list(tmp_path.rglob("*.before-upgrade-*")) == []


def test_a_backup_that_was_cut_short_is_refused_and_leaves_the_database(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    made = backup()
    make.returned_all(make.requests(audit)[1:])
    whole = made.read_bytes()
    made.write_bytes(whole[:-4096])
    assert "it is not whole" in run("restore", made).stderr
    made.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    result = run("restore", made)
    assert (result.exit_code, "its checksum is another" in result.stderr) == (1, True)
    assert session.scalar(select(func.count()).select_from(Return)) == 2


def test_another_database_with_a_manifest_written_for_it_is_refused(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    make.audit(cases=1, agencies=1)
    made = backup()
    make.audit(cases=1, agencies=1)
    other = made.read_bytes().replace(b"survey", b"survex", 1)
    made.write_bytes(other)
    content = json.loads(manifest_file(made).read_text())
    manifest_file(made).write_text(json.dumps({**content, "checksum": sha256(other).hexdigest()}))
    result = run("restore", made)
    assert result.exit_code == 1
    assert "is not as surveyapp wrote it: somebody has changed what it says" in result.stderr
    assert session.scalar(select(func.count()).select_from(Audit)) == 2


def test_other_keys_are_refused_before_anything_changes(
    app: Flask, run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    make.audit(cases=1, agencies=1)
    made = backup()
    make.audit(cases=1, agencies=1)
    settings().key_file.unlink()
    make_key_file(settings().key_file)
    result = run("restore", made)
    assert result.exit_code == 1
    assert "Put back the copy of the key file that belongs to it" in result.stderr
    assert session.scalar(select(func.count()).select_from(Audit)) == 2
    assert app.name


def test_a_file_without_a_manifest_is_refused_unless_one_says_so(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    make.audit(cases=1, agencies=1, returned=1)
    made = backup()
    manifest_file(made).unlink()
    result = run("restore", made)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"There is no manifest {manifest_file(made)}")
    assert run("restore", made, "--without-manifest").exit_code == 0
    assert session.scalar(select(func.count()).select_from(Return)) == 1


@pytest.mark.sqlite
def test_on_a_machine_without_a_record_it_says_what_may_be_back(
    run: Run, session: Session, backup: Callable[[], Path]
) -> None:
    made = backup()
    session.close()
    engine().dispose()
    Path(engine().url.database or "").unlink()
    result = run("restore", made)
    assert f"there is no {record_file()}" in result.stderr
    assert "audits that were purged after the backup are back" in result.stderr


def test_a_damaged_record_stops_the_restore(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    made = backup()
    make.audit(cases=1, agencies=1)
    record_file().write_text("nonsense\n")
    result = run("restore", made)
    assert (result.exit_code, "Line 1 of" in result.stderr) == (1, True)
    assert session.scalar(select(func.count()).select_from(Audit)) == 1


def test_a_restore_that_fails_half_way_leaves_the_database_and_nothing_beside_it(
    app: Flask, run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    made = backup()
    database_folder = Path(engine().url.database or "").parent
    make.audit(cases=1, agencies=1)

    def fail(_now: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, restore_operations=(*state.restore_operations, fail))
    result = run("restore", made)
    assert (result.exit_code, result.stderr) == (1, "Nothing was restored: disk is full.\n")
    assert session.scalar(select(func.count()).select_from(Audit)) == 1
    assert list(database_folder.rglob("*.restoring*")) == []
    app.extensions["survey"] = state
    assert run("restore", made).exit_code == 0


@pytest.mark.sqlite
def test_a_connection_of_another_program_stops_it(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    made = backup()
    make.audit(cases=1, agencies=1)
    database = Path(engine().url.database or "")
    session.rollback()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run("restore", made)
    assert result.exit_code == 1
    assert result.stderr.startswith("Another program has this database open. Stop the web processes")
    assert session.scalar(select(func.count()).select_from(Audit)) == 1


@pytest.mark.postgresql
def test_a_connection_to_the_database_stops_it(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    made = backup()
    make.audit(cases=1, agencies=1)
    other = create_engine(engine().url)
    with other.connect():
        result = run("restore", made)
    other.dispose()
    assert result.exit_code == 1
    assert "is in use: 1 connection. Stop the web processes" in result.stderr
    assert session.scalar(select(func.count()).select_from(Audit)) == 1


@pytest.mark.sqlite
def test_a_stale_log_beside_a_damaged_database_is_moved_with_it(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    make.audit(cases=1, agencies=1)
    made = backup()
    database = Path(engine().url.database or "")
    session.close()
    engine().dispose()
    database.write_bytes(b"no database at all")
    database.with_name(f"{database.name}-wal").write_bytes(b"stale")
    said = run("restore", made)
    assert said.exit_code == 0, said.stderr
    kept = Path(said.stdout.partition("is kept as ")[2].partition("\n")[0].removesuffix("."))
    assert kept.read_bytes() == b"no database at all"
    assert not database.with_name(f"{database.name}-wal").exists()
    assert session.scalar(select(func.count()).select_from(Audit)) == 1
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


@pytest.mark.sqlite
def test_d14_it_restores_where_there_is_no_database_yet(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    make.audit(cases=1, agencies=1, returned=1)
    made = backup()
    session.close()
    engine().dispose()
    Path(engine().url.database or "").unlink()
    said = run("restore", made)
    assert (said.exit_code, "is kept as" in said.stdout) == (0, False)
    assert session.scalar(select(func.count()).select_from(Return)) == 1


@pytest.mark.sqlite
def test_d13_a_copy_of_the_live_file_is_refused_where_it_shows(
    run: Run, make: Maker, session: Session, tmp_path: Path
) -> None:
    make.audit(cases=1, agencies=1)
    database = Path(engine().url.database or "")
    with closing(sqlite3.connect(database, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("UPDATE survey_audit SET title = 'half-way'")
        for ending in ("", "-journal"):
            shutil.copy(f"{database}{ending}", tmp_path / f"cp{ending}")
        writing.execute("ROLLBACK")
    assert "There is no manifest" in run("restore", tmp_path / "cp").stderr
    result = run("restore", tmp_path / "cp", "--without-manifest")
    assert result.exit_code == 1
    assert result.stderr.startswith("cp-journal stands beside it, so cp alone is not the whole database.")
    session.rollback()


def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    result = run("restore", tmp_path / "letter.txt", "--without-manifest")
    assert result.exit_code == 1
    assert "no SQLite database" in result.stderr or "pg_restore could not do it" in result.stderr
    assert run("restore", tmp_path / "nowhere").stderr.startswith("There is no file")


def test_an_email_queued_after_the_restore_waits_too(
    run: Run, make: Maker, session: Session, backup: Callable[[], Path]
) -> None:
    grant = make.grants(make.audit(cases=1, agencies=1))[0]
    grant_id = grant.id
    run("restore", backup())
    with transaction():
        queue_email("request", grant_id, to="audit1@agency.example", key="request:1:1:x", now=MONDAY_MORNING)
    assert "0 emails tried" in run("work", "--once").stdout
    assert session.scalars(select(Outbox.state)).all() == ["queued"]
