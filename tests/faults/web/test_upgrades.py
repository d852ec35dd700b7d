"""Upgrades at once, and a program on the schema of another release (promises D16)."""

import signal
import subprocess
import time
from collections.abc import Callable

import pytest
from sqlalchemy import column, create_engine, table, update

from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import session
from tests.faults.conftest import PATIENCE, FaultInstallation
from tests.faults.served.visitor import Visitor
from tests.faults.web.asked_once import AskedOnce
from tests.faults.web.web_server import WebServer

UPGRADE = ["-m", "flask", "--app", "wsgi", "survey", "upgrade"]
VERSION = table(schema.VERSION_TABLE, column("version_num"))


def previous_revision() -> str:
    """The revision before the newest."""
    names = sorted(file.name[:4] for file in (schema.migrations_folder() / "versions").glob("[0-9]*.py"))
    return names[-2]


def change_schema(installation: FaultInstallation, change: Callable[..., object], **to: str) -> None:
    """Change the schema from outside the app, as another release does."""
    engine = create_engine(installation.database)
    # The texts are encrypted otherwise in older releases, so the keys are needed.
    with installation.app.app_context():
        change(engine, **to)
    engine.dispose()


def revision(installation: FaultInstallation) -> str:
    """The revision that the database says it has."""
    engine = create_engine(installation.database)
    with engine.connect() as connection:
        found = schema.current_revision(connection)
    engine.dispose()
    return found


def ended(program: subprocess.Popen[bytes]) -> int:
    """The exit status of a program."""
    return program.wait(PATIENCE)


@pytest.mark.parametrize("at_once", [2, 4])
def test_p16_d16_upgrades_at_once_lose_nothing_and_all_succeed(
    installation: FaultInstallation, at_once: int
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    asked.saves(asked.opens_the_form(server.port), "Kept through the upgrade.")
    server.stop()
    change_schema(installation, schema.downgrade, to=previous_revision())
    upgrades = [installation.start_program(UPGRADE, {}) for _ in range(at_once)]
    assert [ended(upgrade) for upgrade in upgrades] == [0] * at_once, installation.log
    assert revision(installation) == schema.newest_revision()
    assert asked.revisions() == [("save", "Kept through the upgrade.")]
    server.start()
    assert Visitor(server.port).get(asked.page).status in {303, 404}, "the program starts on it"


def test_p16_d15_an_upgrade_killed_at_any_moment_is_finished_by_the_next(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    asked.saves(asked.opens_the_form(server.port), "Kept through the upgrade.")
    server.stop()
    newest, kills = schema.newest_revision(), 0
    change_schema(installation, schema.downgrade, to="0012")
    # Starting takes about a second of processor time, and the twenty migrations some more.
    for seconds in (0.8, 1.2, 1.6, 2.0, 2.4):
        upgrade = installation.start_program(UPGRADE, {})
        time.sleep(seconds)
        upgrade.kill()
        kills += ended(upgrade) == -signal.SIGKILL
        assert revision(installation) in {"0012", newest}, "all of the upgrade, or none of it"
    assert kills
    assert ended(installation.start_program(UPGRADE, {})) == 0, installation.log
    assert revision(installation) == newest
    assert asked.revisions() == [("save", "Kept through the upgrade.")]


@pytest.mark.parametrize("schema_is", ["older", "newer"])
def test_p16_d16_a_program_on_the_schema_of_another_release_refuses_in_one_sentence(
    installation: FaultInstallation, schema_is: str
) -> None:
    if schema_is == "older":
        change_schema(installation, schema.downgrade, to=previous_revision())
    else:
        installation.change(lambda: session.execute(update(VERSION).values(version_num="9999")))
    at, needed = revision(installation), schema.newest_revision()
    wanted = f"The database is at revision {at}, this program needs {needed}"
    server = WebServer(installation)
    server.launch()
    assert server.master is not None
    assert ended(server.master) != 0
    assert wanted in installation.log
    before = installation.log
    worker = installation.start_program(["-m", "flask", "--app", "wsgi", "survey", "work", "--once"], {})
    assert ended(worker) != 0
    said = installation.log.removeprefix(before)
    assert wanted in said
    assert "Traceback" not in said
