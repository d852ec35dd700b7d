"""Backups in a loop while contacts return: each is whole and holds what was confirmed (promises D13, P17)."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from surveyapp.foundation import clock
from surveyapp.foundation.backups.manifest import check_against, read_manifest
from surveyapp.foundation.backups.sqlite_copy import check_whole, rows_in
from surveyapp.issuing.links import link_for, token_in
from tests.bench.served import HttpBrowser
from tests.databases import POSTGRESQL, RenewableDatabase
from tests.faults.conftest import HERE, FaultInstallation, wait_until
from tests.row_maker import Maker

BACKUPS, PEOPLE, CASES = 6, 4, 25
RETURNED = """
SELECT audit_request.public_id FROM survey_return audit_return
JOIN survey_audit_request audit_request ON audit_request.id = audit_return.request_id
WHERE audit_return.returned_at IS NOT NULL
"""


class ReturningContacts:
    """Contacts who say of one case after another that they were not involved, and note each confirmation."""

    def __init__(self, port: int, people: list[tuple[str, list[str]]]) -> None:
        self.confirmed: list[str] = []
        self.went_wrong: list[BaseException] = []
        self.ended = threading.Event()
        self._threads = [threading.Thread(target=self._answer, args=(port, *person)) for person in people]

    def _answer(self, port: int, token: str, requests: list[str]) -> None:
        browser = HttpBrowser(port)
        try:
            browser.get(f"/r/{token}/")
            browser.post("/start/", token=token)
            for public_id in requests:
                if self.ended.is_set():
                    return
                browser.get(f"/returns/{public_id}/not-involved")
                browser.post(f"/returns/{public_id}/not-involved", reason="not_known")
                self.confirmed.append(public_id)
        except BaseException as error:  # noqa: BLE001 — the browser leaves by SystemExit at a wrong page
            self.went_wrong.append(error)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        for thread in self._threads:
            thread.join()


def asked(installation: FaultInstallation) -> list[tuple[str, list[str]]]:
    """Contacts with many requests each: the token of their link, and the public ids."""
    with installation.app.app_context():
        make, today = Maker(clock.now()), clock.local_day(clock.now())
        later = today.replace(year=today.year + 1, day=1)
        audit = make.audit(cases=CASES, agencies=PEOPLE, due_on=later, close_on=later)
        return [
            (token_in(link_for(grant)), [audit_request.public_id for audit_request in grant.requests])
            for grant in make.grants(audit)
        ]


def survey(installation: FaultInstallation, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours as its own process, on the installation’s database."""
    flask = {f"FLASK_{name}": str(value) for name, value in installation.settings.items()} | environ
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "survey", *words]
    environment = {**os.environ, **flask, "SURVEYAPP_FOLDER": str(installation.folder)}
    return subprocess.run(
        command, env=environment, cwd=HERE.parents[1], capture_output=True, text=True, check=False
    )


@pytest.fixture
def elsewhere(installation: FaultInstallation, tmp_path: Path) -> Iterator[str]:
    """The address of a database that does not exist, on “another machine”."""
    if installation.database.startswith("sqlite"):
        (tmp_path / "elsewhere").mkdir()
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'survey.sqlite'}"
        return
    name = f"{make_url(installation.database).database}_elsewhere"
    yield POSTGRESQL + name
    server = create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    server.dispose()


def test_d13_p17_every_backup_under_load_is_whole_and_holds_what_was_confirmed_before_it(
    installation: FaultInstallation, elsewhere: str, figure: Callable[[str], None]
) -> None:
    people = asked(installation)
    port = installation.serve("gunicorn")
    before: list[set[str]] = []
    with ReturningContacts(port, people) as contacts:
        for number in range(BACKUPS):
            before.append(set(contacts.confirmed))
            made = survey(installation, "backup", str(installation.folder / f"copy{number}"))
            assert made.returncode == 0, made.stderr
    assert contacts.went_wrong == []
    figure(f"{BACKUPS} backups during {len(contacts.confirmed)} returns, {len(before[-1])} before the last")
    assert len(before[-1]) > len(before[0]), "nobody returned while backups were made"
    returns = []
    for number in range(BACKUPS):
        copy = installation.folder / f"copy{number}"
        manifest = read_manifest(copy)
        assert manifest is not None
        check_against(manifest, copy)
        if manifest.engine == "sqlite":
            check_whole(copy, "The copy")
            assert rows_in(copy) == dict(manifest.rows)
        assert manifest.rows["survey_return"] >= len(before[number])
        returns.append(manifest.rows["survey_return"])
    assert returns == sorted(returns)
    restored = survey(
        installation,
        "restore",
        str(installation.folder / f"copy{BACKUPS - 1}"),
        FLASK_SQLALCHEMY_DATABASE_URI=elsewhere,
    )
    assert restored.returncode == 0, restored.stderr
    answered = create_engine(elsewhere)
    with answered.connect() as connection:
        found = set(connection.scalars(text(RETURNED)))
        held = connection.scalar(text("SELECT restored_backup_at FROM survey_switches"))
    answered.dispose()
    assert before[-1] <= found
    assert held is not None, "d14: mail waits"


def switch(installation: FaultInstallation, name: str) -> object:
    """A column of the row of switches, read without the app, which would itself use the database."""
    reading = create_engine(installation.database)
    with reading.connect() as connection:
        value = connection.scalar(text(f"SELECT {name} FROM survey_switches"))  # noqa: S608 — our own names
    reading.dispose()
    return value


@pytest.mark.parametrize("runs", ["web", "work"])
def test_d14_a_restore_is_refused_while_the_app_or_a_worker_runs(
    installation: FaultInstallation, renewed: RenewableDatabase, runs: str
) -> None:
    # This process has the database open too, which it made.
    renewed.release()
    copy = installation.folder / "copy"
    assert survey(installation, "backup", str(copy)).returncode == 0
    if runs == "web":
        port = installation.serve("standalone")
        # The page looks for the link, so that the server has a connection, which then idles.
        HttpBrowser(port).get("/r/no-such-link/", (404,))
    else:
        installation.start_worker()
        wait_until(lambda: switch(installation, "last_tick_at") is not None, "the worker has looked")
    refused = survey(installation, "restore", str(copy))
    assert refused.returncode == 1, refused.stdout
    assert "Stop the web processes, the workers" in refused.stderr
    server = installation.workers[-1]
    server.kill()
    server.wait()
    wait_until(lambda: survey(installation, "restore", str(copy)).returncode == 0, "the restore")
    assert switch(installation, "restored_backup_at") is not None
