"""An upgrade killed half-way, again and again, finishes with the same figures (promises P16, D15)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from sqlalchemy import create_engine, inspect

from surveyapp.foundation import clock
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, session
from tests.faults.conftest import HERE, PATIENCE, FaultInstallation
from tests.row_maker import Maker

KILLS = 8
FROM = "0004"
# The command itself, which says when its transaction is about to begin.
UPGRADE = """
import os, sys
from flask.cli import main
from surveyapp.foundation.store import schema
migrate = schema._migrate
def announced(*arguments, **options):
    print("begins", flush=True)
    sys.stdout = open(os.devnull, "w")
    migrate(*arguments, **options)
schema._migrate = announced
sys.argv = ["flask", "--app", "wsgi", "survey", "upgrade"]
main()
"""


def figures(database: str) -> dict[str, int]:
    """The number of rows of each table."""
    reading = create_engine(database)
    with reading.connect() as connection:
        names = sorted(set(inspect(connection).get_table_names()) - {schema.VERSION_TABLE})
        found = {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0  # noqa: S608 — our own tables
            for name in names
        }
    reading.dispose()
    return found


def begun_upgrade(installation: FaultInstallation) -> subprocess.Popen[bytes]:
    """A process that has just begun to upgrade the installation’s database."""
    flask = {f"FLASK_{name}": str(value) for name, value in installation.settings.items()}
    upgrade = subprocess.Popen(
        [sys.executable, "-c", UPGRADE],
        env={**os.environ, **flask, "SURVEYAPP_FOLDER": str(installation.folder)},
        cwd=HERE.parents[1],
        stdout=subprocess.PIPE,
    )
    assert upgrade.stdout is not None
    with upgrade.stdout as said:
        assert said.readline() == b"begins\n"
    return upgrade


def go_back(installation: FaultInstallation) -> None:
    """Take the database back to the earlier revision."""
    with installation.app.app_context():
        schema.downgrade(engine(), to=FROM)
        engine().dispose()


def kept(before: dict[str, int], after: dict[str, int]) -> bool:
    """Whether every table that is still there has as many rows as before."""
    return all(after[name] == count for name, count in before.items() if name in after)


def test_p16_d15_an_upgrade_killed_half_way_finishes_when_it_is_run_again(
    installation: FaultInstallation, figure: Callable[[str], None]
) -> None:
    with installation.app.app_context():
        make = Maker(clock.now())
        make.audit(cases=40, agencies=5, returned=150)
        session.rollback()
    go_back(installation)
    before = figures(installation.database)
    assert before["survey_answer"] >= 150
    chance = random.Random(15)  # noqa: S311 — the same moments each time
    whole = begun_upgrade(installation)
    begun = time.perf_counter()
    assert whole.wait(300) == 0
    longest = time.perf_counter() - begun
    go_back(installation)
    assert figures(installation.database) == before
    killed = 0
    for _ in range(KILLS):
        upgrade = begun_upgrade(installation)
        time.sleep(chance.uniform(0, longest))
        upgrade.send_signal(signal.SIGKILL)
        killed += upgrade.wait(PATIENCE) == -signal.SIGKILL
        # One transaction: a killed upgrade has left nothing, or had ended.
        left = figures(installation.database)
        if left != before:
            assert kept(before, left)
            go_back(installation)
    last = begun_upgrade(installation)
    assert last.wait(300) == 0
    after = figures(installation.database)
    assert kept(before, after)
    with installation.app.app_context():
        schema.check_schema(engine())
        engine().dispose()
    assert killed >= 1
    figure(f"{killed} kills of an upgrade of about {longest:.1f} s from {FROM}, figures as before")
