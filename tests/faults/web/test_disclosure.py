"""Two web processes refuse whoever has only a link, a copy of the database or a forged host."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from surveyapp.closing.operations import close_returns
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.served.test_people_and_pages import at_once
from tests.faults.served.visitor import PageResponse, Visitor
from tests.faults.web.asked_once import AskedOnce
from tests.faults.web.web_server import WebServer

TYPED = "Nobody asked the child in May."
PAGES = ("", "check", "done", "copy", "copy.pdf", "blank", "blank.docx", "not-involved", "ask", "pass-on")
# Enough for both web processes to be asked.
TIMES = 12
_CODE = re.compile(r"Your code: (\d{8})")


def emailed(installation: FaultInstallation, to: str) -> list[str]:
    """The texts of the emails that the mail server accepted for an address, oldest first."""
    bodies = [
        message.message.get_body(("plain",))
        for message in installation.mail_server.accepted
        if message.to == to
    ]
    return [str(body.get_content()) for body in bodies if body is not None]


def test_p7_l14_a_withdrawn_request_is_refused_by_every_web_process_at_once(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    assert {browser.get(asked.page).status for _ in range(TIMES)} == {200}

    def withdraw() -> None:
        audit_request = session.get_one(AuditRequest, asked.request_id)
        withdraw_request(audit_request, reason="By mistake", actor="manager", now=clock.now())

    installation.change(withdraw)
    assert {browser.ask("GET", asked.page).status for _ in range(TIMES)} <= {404, 410}
    answers = [asked.saves(browser, TYPED) for _ in range(TIMES)]
    assert {answer.status for answer in answers} <= {404, 410}
    assert {answer.boxes["supervision-comment"] for answer in answers} == {TYPED}
    assert asked.revisions() == []


def test_p7_a8_no_web_process_takes_an_answer_after_the_close(installation: FaultInstallation) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browsers = [asked.opens_the_form(server.port) for _ in range(TIMES)]
    installation.change(
        lambda: close_returns(session.get_one(Audit, asked.audit_id), actor="manager", now=clock.now())
    )
    answers = [asked.saves(browser, TYPED, "check") for browser in browsers]
    assert {answer.status for answer in answers} == {409}
    assert all("has not been sent" in answer.words for answer in answers)
    assert {kind for kind, _text in asked.revisions()} == {"late"}


def test_p13_a2_ten_equal_presses_at_two_web_processes_are_one_return_and_one_receipt(
    installation: FaultInstallation,
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    browser = asked.opens_the_form(server.port)
    assert asked.saves(browser, TYPED, "check").status == 303
    browser.get(asked.page + "check")
    copies = [Visitor(server.port, dict(browser.cookies), dict(browser.hidden)) for _ in range(10)]
    answers = at_once([partial(copy.post, asked.page + "check") for copy in copies])
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(303, asked.page + "done")}
    assert [kind for kind, _text in asked.revisions()] == ["save", "submit"]
    assert [row.kind for row in installation.rows()] == ["receipt"]


def test_p11_l3_l13_l15_a_leaked_link_alone_shows_nothing_about_a_child_and_codes_run_out(
    installation: FaultInstallation,
) -> None:
    installation.start_mail_server()
    server, asked = WebServer(installation), AskedOnce(installation, ask_for_code=True)
    server.start()
    installation.start_workers(1)
    thief = Visitor(server.port)
    place = code_page_after_start(thief, asked.link)
    for page in PAGES:
        answer = thief.ask("GET", asked.page + page)
        assert "Child 1" not in answer.text, page
        assert answer.status != 200, page
    wait_until(
        lambda: len(emailed(installation, asked.email)) == 1, "the code comes to the address on record"
    )
    code = _CODE.findall(emailed(installation, asked.email)[0])[0]
    thief.get(place)
    wrong = [f"{(int(code) + number) % 10**8:08d}" for number in range(1, 21)]
    tries = [Visitor(server.port, dict(thief.cookies), dict(thief.hidden)) for _ in wrong]
    answers = at_once(
        [
            partial(browser.post, place, proof_code=digits)
            for browser, digits in zip(tries, wrong, strict=True)
        ]
    )
    assert {answer.status for answer in answers} == {422}
    assert thief.post(place, proof_code=code).status == 422, "five tries are all"
    owner = Visitor(server.port)
    code_page_after_start(owner, asked.link)
    wait_until(lambda: len(emailed(installation, asked.email)) == 2, "the owner has a code of their own")
    code = _CODE.findall(emailed(installation, asked.email)[1])[0]
    assert owner.post(place, proof_code=code).status == 303
    assert "Child 1" in owner.get(asked.page).words
    assert thief.ask("GET", asked.page).status != 200


def code_page_after_start(browser: Visitor, link: str) -> str:
    """Press Start of an audit that asks for a code; returns the address of the page that asks for it."""
    browser.get(urlsplit(link).path)
    place = browser.post("/start/", token=urlsplit(link).path.split("/")[2]).headers["Location"]
    while (answer := browser.get(place)).status != 200:
        place = answer.headers["Location"]
    assert "code" in answer.words
    return place.partition("?")[0]


def copied(database: str, folder: Path) -> bytes:
    """Everything in a copy of the database, as whoever steals a backup has it."""
    if database.startswith("sqlite"):
        copy = folder / "stolen.sqlite"
        with (
            closing(sqlite3.connect(str(make_url(database).database))) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        return copy.read_bytes()
    return "\n".join(_rows(database.replace("+psycopg", ""))).encode()


def _rows(address: str) -> Iterator[str]:
    with psycopg.connect(address) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(tables).fetchall():
            whole_rows = sql.SQL("SELECT {0}::text FROM {0}").format(sql.Identifier(table))
            for (row,) in connection.execute(whole_rows):
                yield str(row)


def test_p8_p12_l12_a_copy_of_the_database_opens_nothing_and_shows_no_comment(
    installation: FaultInstallation, tmp_path: Path
) -> None:
    sink = installation.start_mail_server()
    server, asked = WebServer(installation), AskedOnce(installation)
    coded = AskedOnce(installation, ask_for_code=True)
    server.start()
    installation.start_workers(1)
    browser = asked.opens_the_form(server.port)
    assert asked.saves(browser, TYPED, "check").status == 303
    browser.get(asked.page + "check")
    assert browser.post(asked.page + "check").status == 303
    Visitor(server.port).starts(coded.link)
    wait_until(lambda: len(sink.accepted) == 2, "the receipt and the code are sent")
    stolen = copied(installation.database, tmp_path)
    (code,) = _CODE.findall(emailed(installation, coded.email)[0])
    for secret in (TYPED, asked.link[-27:-1], coded.link[-27:-1], code, *browser.cookies.values()):
        assert secret.encode() not in stolen, secret
    strings = {found.decode() for found in re.findall(rb"[A-Za-z0-9_.-]{16,90}", stolen)}
    assert any(asked.page.split("/")[2] in string for string in strings), "the copy is not empty"
    thief = Visitor(server.port)
    in_links = {found for string in strings for found in re.findall(r"[a-z2-7]{24,50}", string)}
    assert {thief.ask("GET", f"/r/{string}/").status for string in in_links} <= {404}
    cookie = next(name for name in browser.cookies if "surveyapp" in name)
    opened: list[PageResponse] = []
    for string in sorted(strings, key=len)[-40:]:
        thief.cookies = {cookie: string}
        opened += [
            answer for page in (asked.page, "/audits") if (answer := thief.ask("GET", page)).status == 200
        ]
    assert opened == []


def test_p19_l8_a_forged_host_is_in_no_email(installation: FaultInstallation) -> None:
    sink = installation.start_mail_server()
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    installation.start_workers(1)
    browser = Visitor(server.port)
    browser.get("/fresh-link/")
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    body = "&".join(
        [f"csrf_token={browser.hidden['csrf_token']}", f"email={asked.email.replace('@', '%40')}"]
    )
    assert browser.ask("POST", "/fresh-link/", body, headers={**forged, "Host": "evil.example"}).status == 400
    assert browser.ask("POST", "/fresh-link/", body, headers=forged).status == 303
    wait_until(lambda: len(sink.accepted) == 1, "the fresh link is sent")
    raw = sink.accepted[0].message.as_string()
    assert "evil.example" not in raw
    assert f"{server.address}/r/" in emailed(installation, asked.email)[0]
