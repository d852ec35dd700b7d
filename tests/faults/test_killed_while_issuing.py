"""Workers are killed while they send 180 emails; every contact still gets the request and one chaser."""

import random
import time
from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest

from surveyapp.chasing.operations import chase
from surveyapp.chasing.slots import slot_on
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import add_working_days, working_calendar
from surveyapp.foundation.mail.outbox import send_again, treat_as_sent
from surveyapp.foundation.store.db import session
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from tests.faults.conftest import FaultInstallation
from tests.faults.figures import FigureNotes
from tests.row_maker import Maker

CONTACTS = 90


@pytest.mark.parametrize("how", ["work", "embedded"])
def test_p4_p5_d4_m13_killed_while_90_emails_leave_every_contact_has_one_chaser_and_their_request(
    installation: FaultInstallation, how: str, figure: FigureNotes
) -> None:
    sink = installation.start_mail_server()
    _issued_and_chased(installation)
    chance = random.Random(90)  # noqa: S311 — that it can be repeated is what matters
    start = installation.start_worker if how == "work" else installation.start_embedded
    kills, began = 0, time.monotonic()
    while kills < 8:
        running = start()
        seen = len(sink.accepted)
        end = time.monotonic() + 20
        # At a random point of the mail that this process sends.
        wanted = seen + chance.randint(1, 12)
        while len(sink.accepted) < wanted and time.monotonic() < end and _unsettled(installation):
            time.sleep(0.01)
        running.kill()
        running.wait()
        kills += 1
        installation.lapse()
    start()
    installation.wait_for(queued=0, sending=0)
    _decide_what_is_in_doubt(installation)
    installation.wait_for(queued=0, sending=0, doubtful=0)
    taken = sink.accepted
    kinds = {row.message_id: row.kind for row in installation.rows()}
    assert installation.states == {"sent": 2 * CONTACTS}, "nothing is lost"
    chasers = Counter(message.to for message in taken if kinds[message.id] == "chaser")
    requests = Counter(message.to for message in taken if kinds[message.id] == "request")
    assert len(chasers) == CONTACTS
    assert set(chasers.values()) == {1}, "exactly one chaser"
    assert len(requests) == CONTACTS, "at least one request email"
    assert len({message.id for message in taken}) == 2 * CONTACTS, "a repeat has the same Message-ID"
    took = time.monotonic() - began
    again = sum(requests.values()) - CONTACTS
    figure.count(messages=2 * CONTACTS, kills=kills, repeated=again)
    figure(f"180 messages, {kills} kills in {took:.0f} s: 0 lost, 0 chasers twice, {again} requests repeated")


def _unsettled(installation: FaultInstallation) -> int:
    return installation.states["queued"] + installation.states["sending"]


def _issued_and_chased(installation: FaultInstallation) -> None:
    """Issue an audit of one case and 90 agencies, and chase everybody in the same minute."""
    with installation.app.app_context():
        now, days = clock.now(), working_calendar()
        made = Maker(now)
        today = clock.local_day(now)
        due_on = days.add_working_days(today, 10)
        audit = made.audit(
            cases=1, agencies=CONTACTS, issued=False, due_on=due_on, close_on=due_on + timedelta(days=28)
        )
        audit_id = audit.id

    def issue() -> None:
        audit = session.get_one(Audit, audit_id)
        assert issue_requests(audit, actor="Manager", now=clock.now()).requests == CONTACTS

    def chase_everybody() -> None:
        audit = session.get_one(Audit, audit_id)
        # A slot on the next working day, so that the test runs at weekends too.
        day: date = add_working_days(clock.local_day(clock.now()), 1)
        slot = slot_on(audit, day, working_calendar())
        assert len(chase(slot, actor="Manager", now=clock.now())) == CONTACTS
        assert chase(slot, actor="Manager", now=clock.now()) == [], "never the same slot twice"

    installation.change(issue)
    installation.change(chase_everybody)


def _decide_what_is_in_doubt(installation: FaultInstallation) -> None:
    """Decide about doubtful emails as a manager does who has asked which ones the mail server accepted."""
    taken = {message.id for message in installation.mail_server.accepted}
    for row in installation.rows():
        if row.state == "doubtful":
            decide = treat_as_sent if row.message_id in taken else send_again
            installation.change(partial(decide, row.id, actor="Manager", now=clock.now()))


def test_p4_d4_m13_each_kill_leaves_at_most_one_email_in_doubt(installation: FaultInstallation) -> None:
    installation.start_mail_server()
    _issued_and_chased(installation)
    for _ in range(3):
        running = installation.start_worker()
        time.sleep(1.5)
        running.kill()
        running.wait()
        installation.lapse()
    installation.start_worker()
    installation.wait_for(queued=0, sending=0)
    doubtful = [row for row in installation.rows() if row.state == "doubtful"]
    assert len(doubtful) <= 3
    assert {row.kind for row in doubtful} <= {"chaser"}
