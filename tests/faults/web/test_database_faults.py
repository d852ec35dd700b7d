"""The database is locked or cut off as somebody presses Save or Return (promises D1, D9, D10)."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.served.visitor import PageResponse, Visitor
from tests.faults.web.asked_once import AskedOnce, says_could_not_save
from tests.faults.web.web_server import WebServer

TYPED = "Nobody asked the child in May."


@contextmanager
def all_rows_locked(database: str) -> Iterator[None]:
    """Keep every writer out during the block."""
    if database.startswith("sqlite"):
        path = str(make_url(database).database)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE survey_return, survey_grant IN ACCESS EXCLUSIVE MODE")
        yield


def end_connections(database: str) -> int:
    """End every other connection to this database, as a restart or a fail-over does; returns how many.

    Waits until they have ended, up to 5 s for each.
    """
    ended = (
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(ended).fetchone()
    assert row is not None
    return int(row[0])


def pressed_meanwhile(press: Callable[[], PageResponse]) -> tuple[threading.Thread, list[PageResponse]]:
    """Press a button in a thread; returns the thread and where the answer will be."""
    answers: list[PageResponse] = []
    thread = threading.Thread(target=lambda: answers.append(press()))
    thread.start()
    return thread, answers


def test_p2_d1_d10_a_locked_database_gives_the_text_back_and_the_next_press_stores_it(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    with all_rows_locked(installation.database):
        # Far shorter than the lock lasts: the page gives up by itself.
        answer = asked.saves(browser, TYPED)
        assert says_could_not_save(answer, TYPED), answer.words
    assert asked.revisions() == []
    assert asked.saves(browser, TYPED).status == 303
    assert asked.revisions() == [("save", TYPED)]


def test_p1_p2_d1_a_return_pressed_while_the_database_is_locked_is_not_confirmed_and_counts_once_later(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    assert asked.saves(browser, TYPED, "check").status == 303
    browser.get(asked.page + "check")
    with all_rows_locked(installation.database):
        answer = browser.post(asked.page + "check")
        assert (answer.status, "Could not save just now" in answer.words) == (503, True)
    assert {kind for kind, _text in asked.revisions()} == {"save"}
    assert browser.post(asked.page + "check").status == 303
    assert browser.post(asked.page + "check").status == 303
    assert [kind for kind, _text in asked.revisions()] == ["save", "submit"]


@pytest.mark.postgresql
def test_p2_d9_the_request_after_every_pooled_connection_died_works(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    # Both web processes have connections in their pools by now.
    for _ in range(8):
        assert Visitor(server.port).get("/sign-in").status == 200
    for number in range(4):
        assert end_connections(installation.database) >= 1
        assert browser.get(asked.page).status == 200
        end_connections(installation.database)
        assert asked.saves(browser, f"{TYPED} {number}").status == 303
    assert [text for _kind, text in asked.revisions()] == [f"{TYPED} {number}" for number in range(4)]


@pytest.mark.postgresql
def test_p2_d9_a_connection_cut_within_a_save_gives_the_text_back_and_the_next_press_stores_it(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    address = installation.database.replace("+psycopg", "")
    waits = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(address) as holder, psycopg.connect(address, autocommit=True) as administrator:
        holder.execute("LOCK TABLE survey_return IN ACCESS EXCLUSIVE MODE")
        thread, answers = pressed_meanwhile(lambda: asked.saves(browser, TYPED))
        wait_until(lambda: administrator.execute(waits).rowcount > 0, "the save waits, and is cut off")
        thread.join()
    assert says_could_not_save(answers[0], TYPED), answers[0].words
    assert asked.saves(browser, TYPED).status == 303
    assert asked.revisions() == [("save", TYPED)]
