"""PostgreSQL is stopped, crashes or fails over while contacts return (promises D9)."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from surveyapp.foundation import clock
from surveyapp.foundation.store import schema
from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.faults.web.asked_once import AskedOnce, says_could_not_save
from tests.faults.web.postgresql_cluster import PostgresqlCluster
from tests.faults.web.returning_audit import ReturningAudit
from tests.faults.web.returning_contacts import contacts_returning
from tests.faults.web.web_server import WebServer

# Each test has servers of its own, which hold for one run on either engine.
pytestmark = pytest.mark.postgresql

FINISHING = 180.0
NAME = "survey"


@pytest.fixture
def cluster() -> Iterator[PostgresqlCluster]:
    """A PostgreSQL server of the test’s own, with our tables."""
    made = PostgresqlCluster()
    try:
        made.sql(f"CREATE DATABASE {NAME}")
        engine = create_engine(made.url(NAME))
        schema.upgrade(engine, now=clock.now())
        engine.dispose()
        yield made
    finally:
        made.remove()


@pytest.fixture
def own(cluster: PostgresqlCluster, tmp_path: Path, template_database: str) -> Iterator[FaultInstallation]:
    """An installation on the test’s own PostgreSQL server."""
    assert template_database.startswith("postgresql")
    installation = FaultInstallation(cluster.url(NAME), tmp_path)
    yield installation
    installation.end()


def test_p2_d9_a_save_while_postgresql_is_stopped_gives_the_text_back_and_is_stored_when_it_is_back(
    own: FaultInstallation, cluster: PostgresqlCluster
) -> None:
    server, asked = WebServer(own), AskedOnce(own)
    server.start()
    browser = asked.opens_the_form(server.port)
    cluster.stop()
    answer = asked.saves(browser, "Nobody asked the child in May.")
    assert says_could_not_save(answer, "Nobody asked the child in May."), answer.words
    assert browser.get(asked.page).status == 503
    cluster.start()
    assert asked.saves(browser, "Nobody asked the child in May.").status == 303
    assert asked.revisions() == [("save", "Nobody asked the child in May.")]


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_p1_p3_p4_p5_d9_postgresql_restarted_or_crashed_while_people_return_loses_and_repeats_nothing(
    own: FaultInstallation, cluster: PostgresqlCluster, how: str, figure: FigureNotes
) -> None:
    def restart() -> None:
        for _ in range(3):
            time.sleep(3)
            cluster.stop(how)
            time.sleep(1)
            cluster.start()

    _return_while(own, restart, figure, f"PostgreSQL stopped three times ({how})")


def test_p1_p3_p4_p5_d9_a_fail_over_to_a_synchronous_standby_loses_and_repeats_nothing(
    own: FaultInstallation, cluster: PostgresqlCluster, figure: FigureNotes
) -> None:
    standby = PostgresqlCluster(copied_from=cluster)
    try:
        cluster.sql("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        in_sync = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: cluster.sql(in_sync) == "1", "the standby follows")
        both = f"host=127.0.0.1:{cluster.port}&host=127.0.0.1:{standby.port}&target_session_attrs=read-write"
        own.settings["SQLALCHEMY_DATABASE_URI"] = f"postgresql+psycopg://postgres@/{NAME}?{both}"

        def fail_over() -> None:
            time.sleep(4)
            cluster.stop("immediate")
            standby.promote()

        _return_while(own, fail_over, figure, "a fail-over to a synchronous standby")
    finally:
        standby.remove()


def _return_while(own: FaultInstallation, fault: Callable[[], None], figure: FigureNotes, said: str) -> None:
    """Let contacts return while the fault happens, with three workers, and check everything."""
    sink, server = own.start_mail_server(), WebServer(own)
    audit = ReturningAudit(own, contacts=16, cases=3)
    sink.mode = "stall:RCPT,0.3"
    server.start()
    workers = own.start_workers(3, lease=5)
    with contacts_returning(server.port, audit.grants, at_once=4) as (met, is_done):
        fault()
        wait_until(is_done, "everybody has returned", FINISHING)
    assert [worker.poll() for worker in workers] == [None] * 3, "a worker outlives its database"
    audit.settle_mail()
    figure(
        f"{said}: {len(met.confirmations)} returns confirmed, {met.failures} of {met.requests} presses failed"
    )
    audit.check(met, figure, server.port)
