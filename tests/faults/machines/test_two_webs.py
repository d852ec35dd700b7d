"""Two web servers and two workers on one PostgreSQL, as deploy/compose.yaml starts them, and the journey."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import holidays
import pytest

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.standalone.models import Passkey, Staff
from tests.accounts import QUICK, staff_row
from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.faults.machines.conftest import require_broker
from tests.faults.machines.soft_passkey import SoftPasskey
from tests.faults.machines.two_webs import AlternatingVisitor, TwoWebs

pytestmark = pytest.mark.postgresql
MANAGER, PASSWORD, WRONG = "manager@partnership.example", "three unlikely words here", "not that one at all"
POLICE, SCHOOL = "audit@police.example", "head@school.example"


def working_day(day: date) -> date:
    """The day itself, or the next that is neither at a weekend nor a bank holiday."""
    free = holidays.country_holidays("GB", subdiv="ENG")
    while day.weekday() >= 5 or day in free:
        day += timedelta(days=1)
    return day


def set_up_file(folder: Path) -> Path:
    """A file that sets an audit of two requests up, which is issued today."""
    today = clock.local_day(clock.now())
    due = working_day(today + timedelta(days=30))
    agencies = [
        {"name": name, "kind": kind, "contacts": [{"name": "Lead", "email": email, "role": "lead"}]}
        for name, kind, email in (
            ("Northside Police", "police", POLICE),
            ("Hilltop School", "school", SCHOOL),
        )
    ]
    audit = {
        "audit": "Neglect on two machines",
        "form": "repeat_child_protection_plans_2014",
        "theme": "Neglect",
        "issue_on": str(today),
        "due_on": str(due),
        "close_on": str(due + timedelta(days=28)),
        "agencies": agencies,
        "cases": [{"case": "Child 1", "age": "3 years", "agencies": ["Northside Police", "Hilltop School"]}],
    }
    path = folder / "audit.yaml"
    path.write_text(json.dumps(audit), encoding="utf-8")
    return path


@pytest.fixture
def webs(installation: FaultInstallation) -> Iterator[TwoWebs]:
    """Both web servers, running, and a manager’s account."""
    installation.start_mail_server()
    made = TwoWebs(installation)
    with installation.app.app_context():
        session.add(staff_row(email=MANAGER, password_hash=QUICK.hash(PASSWORD)))
        session.commit()
    made.start_webs(*made.ports)
    yield made
    for port in list(made.webs):
        made.kill_web(port)
    assert "Traceback" not in made.log, made.log


def sign_in(webs: TwoWebs) -> AlternatingVisitor:
    """The manager, signed in by a form of one server that was sent to the other."""
    manager = webs.visitor()
    manager.get("/sign-in")
    assert manager.post("/sign-in", email=MANAGER, password=PASSWORD).status in {302, 303}
    return manager


def link_to(webs: TwoWebs, address: str) -> str:
    """The link in the first email to an address."""
    sink = webs.installation.mail_server
    wait_until(lambda: address in [message.to for message in sink.accepted], f"{address} has an email")
    message = next(message for message in sink.accepted if message.to == address)
    body = message.message.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://[^\s]+/r/[a-z2-7]{50}/", body.get_content())
    assert link is not None
    return link[0]


def test_p1_p4_p5_d8_the_journey_runs_on_two_webs_of_which_one_is_killed(
    webs: TwoWebs, figure: FigureNotes
) -> None:
    one, other = webs.ports
    webs.survey("set-up", str(set_up_file(webs.installation.folder)))
    require_broker("redis", 6379)
    for port in webs.ports:
        webs.start_worker(port)
    manager = sign_in(webs)
    manager.get("/audits/1/issue")
    assert manager.post("/audits/1/issue").status == 303
    # A contact opens, starts, keeps a text and saves, each on the other machine.
    police = webs.visitor()
    page = police.starts(link_to(webs, POLICE))
    form = re.search(r'action="(/returns/[^"/]+/)', page.text)
    assert form is not None, page.words
    address = form[1]
    police.get(address)
    kept = police.post(address + "autosave", supervision="yes", supervision_comment="Kept on one machine.")
    assert kept.status in {200, 204}, kept.words
    assert set(police.visited) == {one, other}
    # The power of the first machine fails; the page stays open in the browser.
    webs.kill_web(one)
    checked = police.post(
        address,
        supervision="yes",
        supervision_comment="Sent to the other.",
        strengths__or__concerns="no",
        next_step="check",
    )
    assert checked.status == 303, checked.words
    police.get(checked.headers["Location"])
    returned = police.post(checked.headers["Location"])
    assert returned.status == 303, returned.words
    assert police.visited[-3:] == [other] * 3
    assert "1 of 2 returned" in manager.get("/audits/1").words
    webs.start_webs(one)
    for _ in webs.ports:
        assert "1 of 2 returned" in manager.get("/audits/1").words
        assert police.get(returned.headers["Location"]).status == 200
    manager.get("/audits/1/close")
    assert manager.post("/audits/1/close").status == 303
    sink = webs.installation.mail_server
    wait_until(lambda: webs.installation.states["queued"] == 0, "all mail has left")
    taken = [message.id for message in sink.accepted]
    assert len(set(taken)) == len(taken)
    assert sum(message.to == POLICE for message in sink.accepted) == 2, "the request and one receipt"
    assert set(manager.visited) == {one, other}
    figure.count(kills=1, confirmed=1, messages=len(taken))


def test_d8_tries_to_sign_in_are_counted_on_both_together(webs: TwoWebs) -> None:
    stranger = webs.visitor()
    for _ in range(10):
        stranger.get("/sign-in")
        assert stranger.post("/sign-in", email=MANAGER, password=WRONG).status == 422
    for _ in webs.ports:
        stranger.ask("GET", "/sign-in")
        stranger.get("/sign-in")
        assert stranger.post("/sign-in", email=MANAGER, password=PASSWORD).status == 429
    with webs.installation.app.app_context():
        rows = session.connection().exec_driver_sql("SELECT digest FROM survey_shared_count").scalars().all()
        session.rollback()
    assert rows
    assert not [digest for digest in rows if "@" in digest or "127.0.0.1" in digest]


def test_d8_signing_out_on_one_ends_the_session_on_both(webs: TwoWebs) -> None:
    manager = sign_in(webs)
    copy = dict(manager.cookies)
    for _ in webs.ports:
        assert manager.get("/audits").status == 200
    manager.get("/sign-out")
    assert manager.post("/sign-out").status in {302, 303}
    for _ in webs.ports:
        manager.cookies = dict(copy)
        assert manager.get("/audits").status == 302


def test_d8_a_passkey_signs_in_with_the_challenge_of_the_other_and_its_answer_is_good_once(
    webs: TwoWebs,
) -> None:
    passkey = SoftPasskey("127.0.0.1", webs.address)
    with webs.installation.app.app_context():
        staff = session.query(Staff).filter_by(email=MANAGER).one()
        session.add(
            Passkey(
                staff_id=staff.id,
                credential_id=passkey.credential_id,
                public_key=passkey.public_key,
                uses=0,
                device="A test",
                added_at=clock.now(),
            )
        )
        session.commit()
    manager = webs.visitor()
    page = manager.get("/sign-in")
    challenge = re.search(r'"challenge": ?"([^"]+)"', unescape(page.text))
    assert challenge is not None
    before, answer = dict(manager.cookies), passkey.answer(challenge[1])
    hidden = dict(manager.hidden)
    assert manager.post("/sign-in/passkey", credential=answer).headers["Location"] == "/"
    assert manager.get("/audits").status == 200
    for port in webs.ports:
        thief = webs.visitor()
        # Its next request goes to the other.
        thief.port, thief.cookies, thief.hidden = port, dict(before), dict(hidden)
        assert "/sign-in" in thief.post("/sign-in/passkey", credential=answer).headers["Location"]
        assert thief.get("/audits").status == 302
