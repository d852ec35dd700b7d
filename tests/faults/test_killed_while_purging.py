"""Workers are killed while they purge an audit; nothing of it is left, and no backup brings it back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import Base, engine, session, transaction
from surveyapp.foundation.store.lasting_record import audit_key, purged_audits
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.retention.date_operations import set_dates
from surveyapp.retention.hold_operations import set_hold
from surveyapp.retention.models import PurgeCertificate
from surveyapp.retention.purging.purge_operations import purge_by_hand, repeat_recorded_purges
from tests.faults.conftest import FaultInstallation, wait_until
from tests.row_maker import Maker

CANARY = "Canarybird"
# 1,200 requests in twelve batches, so that a kill falls between two of them.
CASES, AGENCIES = 60, 20
# A worker removes two batches, and kills itself within the third; the first one kills itself as it begins.
BATCHES = 2
PROGRAM = f"""
import os, signal
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.retention.purging import purge_operations as purges
from surveyapp.retention.queries import due_purges, unfinished_purges
from tests.faults.fault_app import make_app
with make_app().app_context():
    for purge in due_purges(clock.now()):
        with transaction():
            purges.begin_purge(purge.audit, purge.kind, due_on=purge.on, actor="worker", now=clock.now())
            if not os.path.exists("{{begun}}"):
                open("{{begun}}", "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
    for batch in range({BATCHES} + 1):
        for number in unfinished_purges():
            with transaction():
                purges.purge_next_batch(number, now=clock.now())
                if batch == {BATCHES}:
                    os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _audit_with_returns(installation: FaultInstallation, *, title: str = "") -> int:
    """A closed audit with 1,200 returns, each with a comment, whose day has come yesterday; its id."""
    with installation.app.app_context():
        made = Maker(clock.now())
        audit = made.audit(cases=CASES, agencies=AGENCIES, title=title)
        for case in audit.cases:
            case.pseudonym = f"{CANARY} {case.position}"
        given = (
            GivenAnswer("supervision", option="yes"),
            GivenAnswer("supervision", item="comment", text=CANARY),
        )
        made.returned_all(made.requests(audit), given)
        audit_id = audit.id
        with transaction():
            close_returns(audit, actor="Manager", now=clock.now())
        with transaction():
            dates = set_dates(audit, now=clock.now())
            dates.drafts_purged_at = clock.now()
            dates.drafts_on = dates.returns_on = local_day(clock.now()) - timedelta(days=1)
        session.rollback()
    return audit_id


def _left(s: Session) -> int:
    return s.scalar(select(func.count()).select_from(AuditRequest)) or 0


def _purge_until_killed(installation: FaultInstallation) -> int:
    """Run PROGRAM on the installation’s database until it kills itself; returns how it ended."""
    flask = {f"FLASK_{name}": str(value) for name, value in installation.settings.items()}
    program = PROGRAM.format(begun=installation.folder / "begun")
    environment = {**os.environ, **flask, "SURVEYAPP_FOLDER": str(installation.folder)}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, check=False, timeout=120)
    return ended.returncode


def _ended(s: Session) -> int:
    return s.scalar(select(func.count(PurgeCertificate.finished_at))) or 0


def _cleaned(s: Session) -> int:
    return s.scalar(select(func.count(PurgeCertificate.cleaned_at))) or 0


def _is_so(installation: FaultInstallation, question: Callable[[Session], int]) -> bool:
    return bool(installation.ask(question))


def _bytes(installation: FaultInstallation) -> bytes:
    """Every byte of an SQLite database’s files."""
    name = installation.ask(lambda _session: engine().url.database)
    folder = Path(name).parent
    return b"".join(file.read_bytes() for file in sorted(folder.glob(f"{Path(name).name}*")))


def _values(s: Session) -> str:
    return "\n".join(str(row) for table in Base.metadata.sorted_tables for row in s.execute(select(table)))


def test_p18_g3_killed_while_purging_workers_leave_nothing_in_the_end(
    installation: FaultInstallation, figure: Callable[[str], None]
) -> None:
    installation.start_mail_server()
    audit_id = _audit_with_returns(installation)
    assert CANARY in installation.ask(_values)
    kills, began = 0, time.monotonic()
    while installation.ask(_left):
        assert _purge_until_killed(installation) == -signal.SIGKILL
        kills += 1
        installation.lapse()
        removed_at = installation.ask(lambda s: s.get_one(Audit, audit_id).answers_removed_at)
        assert (removed_at is not None) == (kills > 1), "from the commit of its begin on it counts as removed"
    # A worker looks as it starts, and then every minute: the first ends the purge, the next cleans the file.
    for reached, what in ((_ended, "the purge has ended"), (_cleaned, "the file is clean")):
        running = installation.start_worker()
        wait_until(partial(_is_so, installation, reached), what)
        running.kill()
        running.wait()
        installation.lapse()
    assert kills > CASES * AGENCIES / (BATCHES * 100)
    (certificate,) = installation.ask(
        lambda s: [(c.removed["survey_audit_request"], c.kind) for c in s.scalars(select(PurgeCertificate))]
    )
    assert certificate == (CASES * AGENCIES, "returns")
    assert CANARY not in installation.ask(_values)
    assert installation.ask(lambda s: s.scalar(select(func.count()).select_from(Answer))) == 0
    if "sqlite" in installation.database:
        assert CANARY.encode() not in _bytes(installation)
    kept = installation.ask(lambda s: s.get_one(Audit, audit_id).kept_counts)
    assert kept["returned"] == CASES * AGENCIES
    figure(f"1,200 returns purged with {kills} kills in {time.monotonic() - began:.0f} s: nothing left")


def test_p18_g3_a_purge_on_record_is_repeated_in_a_database_that_still_has_the_audit(
    installation: FaultInstallation,
) -> None:
    """The purge is recorded and the commit never comes, as in a backup that was made before the purge."""
    audit_id = _audit_with_returns(installation, title="Neglect")
    with installation.app.app_context():
        audit = session.get_one(Audit, audit_id)
        key = audit_key(audit.id, audit.created_at)

        def purge_and_fail() -> None:
            with transaction():
                purge_by_hand(audit, typed_title="Neglect", actor="Manager", now=clock.now())
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            purge_and_fail()
        assert session.get_one(Audit, audit_id).answers_removed_at is None
        session.rollback()
        assert key in purged_audits()
        with transaction():
            set_hold(
                session.get_one(Audit, audit_id), reason="Set in the backup.", actor="M", now=clock.now()
            )
        assert repeat_recorded_purges(clock.now()) == 1
        assert repeat_recorded_purges(clock.now()) == 0, "twice is once"
        session.rollback()
    assert CANARY not in installation.ask(_values)
    assert installation.ask(_left) == 0


def test_p18_g3_another_audit_with_the_number_of_a_purged_one_is_left_alone(
    installation: FaultInstallation,
) -> None:
    audit_id = _audit_with_returns(installation)
    with installation.app.app_context():
        audit = session.get_one(Audit, audit_id)
        with transaction():
            purge_by_hand(audit, typed_title=audit.title, actor="Manager", now=clock.now())
        with transaction():
            # A restored backup without that audit has given its number to one that was made later.
            audit = session.get_one(Audit, audit_id)
            audit.answers_removed_at, audit.kept_counts = None, None
            audit.created_at += timedelta(days=1)
        assert repeat_recorded_purges(clock.now()) == 0
        assert session.get_one(Audit, audit_id).answers_removed_at is None
        session.rollback()
