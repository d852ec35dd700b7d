"""Several workers, killed or frozen, and changes while an email is being sent (promises M12 to M19)."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.fault_app import DONE, lock_agency
from tests.faults.figures import FigureNotes
from tests.sent_mail import recipient

Figure = FigureNotes


def test_m12_a_relay_with_limits_gets_no_more_than_the_setting_says(installation: FaultInstallation) -> None:
    sink = installation.start_mail_server(SURVEY_MAIL_PER_MINUTE=20)
    installation.queue(60)
    workers = [installation.start_worker() for _ in range(3)]
    wait_until(lambda: installation.states["sent"] >= 20, "a minute’s worth is sent")
    time.sleep(2)
    times = [message.at for message in sink.accepted]
    # The limit counts hand-overs, which on a busy machine are some seconds before the server accepts.
    assert all(later - first > 50 for first, later in zip(times, times[20:], strict=False))
    assert len(times) < 60
    assert "at 20 a minute the last leaves about" in installation.said.progress
    assert all(worker.poll() is None for worker in workers)


def test_p5_m12_a_relay_that_takes_one_connection_still_gets_everything(
    installation: FaultInstallation,
) -> None:
    sink = installation.start_mail_server()
    sink.mode = "most:1"
    installation.queue(60)
    for _ in range(3):
        installation.start_worker()
    installation.wait_for(sent=60)
    assert len({message.to for message in sink.accepted}) == len(sink.accepted) == 60


@pytest.mark.parametrize("kind", ["letter", "parcel"])
@pytest.mark.parametrize(
    ("point", "letter"),
    [
        ("CONNECT", "sent"),
        ("RCPT", "sent"),
        ("DATA", "doubtful"),
        ("DOT", "doubtful"),
        ("SENT", "doubtful or sent"),
    ],
)
def test_p4_p5_m13_an_email_is_settled_after_its_worker_is_killed_at_any_point(
    installation: FaultInstallation, point: str, letter: str, kind: str
) -> None:
    sink = installation.start_mail_server()
    installation.queue(1, kind)
    # A lease long enough to start a worker, and short enough for a test.
    first = installation.start_worker(lease=2)
    sink.kill_at(point, first)
    assert first.wait(PATIENCE) == -signal.SIGKILL
    sink.mode = "ok"
    installation.start_worker(lease=2)
    wait_until(lambda: not installation.states["queued"] + installation.states["sending"], "it is settled")
    (state,) = installation.states
    taken = sink.accepted
    assert len({(message.id, str(message.message["Date"])) for message in taken}) <= 1
    if kind == "parcel":
        assert state == "sent"
        assert len(taken) >= 1
    else:
        assert state in letter
        assert len(taken) <= 1
        assert len(taken) == 1 or state == "doubtful"


def _parcel_for_each_letter() -> None:
    letters = session.execute(select(Outbox.subject_id, Outbox.to_addr).order_by(Outbox.id)).all()
    for subject_id, to in letters:
        queue_email("parcel", subject_id, to=to, key=f"parcel:{subject_id}", now=clock.now())


@pytest.mark.parametrize("workers", [1, 4])
def test_p4_p5_m13_m14_workers_killed_at_random_lose_nothing_and_repeat_no_letter(
    installation: FaultInstallation, workers: int, figure: Figure
) -> None:
    sink = installation.start_mail_server()
    chance = random.Random(2014)  # noqa: S311 — repeatable, not secret
    installation.queue(90, "letter")
    installation.change(_parcel_for_each_letter)
    kills, settled = 0, False
    running = [installation.start_worker(lease=1.5) for _ in range(workers)]
    end = time.monotonic() + 120
    while not settled and time.monotonic() < end:
        time.sleep(chance.uniform(0.4, 1.6))
        states = installation.states
        settled = not states["queued"] + states["sending"]
        if not settled and kills < 25:
            victim = running.pop(chance.randrange(len(running)))
            victim.kill()
            victim.wait()
            kills += 1
            running.append(installation.start_worker(lease=1.5))
            # Another worker takes over the emails of the killed one at once, without waiting for the pause.
            installation.make_all_due()
    assert settled, installation.states
    rows = {row.message_id: row for row in installation.rows()}
    times = Counter(message.id for message in sink.accepted)
    assert set(times) <= set(rows)
    letters = [row for row in rows.values() if row.kind == "letter"]
    parcels = [row for row in rows.values() if row.kind == "parcel"]
    doubtful = [row for row in letters if row.state == "doubtful"]
    assert len(letters) == len(parcels) == 90
    assert all(times[row.message_id] <= 1 for row in letters), "no letter twice"
    assert all(times[row.message_id] == 1 for row in letters if row.state == "sent")
    assert {row.state for row in letters} <= {"sent", "doubtful"}
    assert all(times[row.message_id] >= 1 and row.state == "sent" for row in parcels), (
        "every parcel at least once"
    )
    dates = {(message.id, str(message.message["Date"])) for message in sink.accepted}
    assert len(dates) == len(times), "a repeat has the same date"
    repeats = sum(times.values()) - len(times)
    lost = [row for row in doubtful if not times[row.message_id]]
    figure.count(messages=len(rows), kills=kills, repeated=repeats, doubtful=len(doubtful))
    figure(
        f"{len(rows)} messages, {workers} at once, {kills} kills: 0 lost, {repeats} parcels repeated, "
        f"{len(doubtful)} letters in doubt, {len(lost)} of them not taken"
    )


@pytest.mark.alone
def test_p4_m14_eight_workers_send_no_message_twice(installation: FaultInstallation, figure: Figure) -> None:
    sink = installation.start_mail_server()
    installation.queue(200)
    for _ in range(8):
        installation.start_worker()
    installation.wait_for(sent=200)
    taken = sink.accepted
    assert len({message.id for message in taken}) == len(taken) == 200
    figure.count(messages=200)
    figure(f"200 messages, eight workers: {199 / (taken[-1].at - taken[0].at):.0f} a second")


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_p4_m15_a_worker_frozen_past_its_lease_stops_before_the_message(
    installation: FaultInstallation, step: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = f"stall:{step},1"
    installation.queue(1)
    sleeper = installation.start_worker(lease=1)
    wait_until(lambda: any(line.upper().startswith(step) for line in sink.heard), "the conversation is there")
    sleeper.send_signal(signal.SIGSTOP)
    sink.mode = "ok"
    installation.start_worker(lease=30)
    installation.wait_for(sent=1)
    sleeper.send_signal(signal.SIGCONT)
    wait_until(lambda: "rset" in [line.lower() for line in sink.heard], "the sleeper takes its offer back")
    time.sleep(0.5)
    assert installation.states == {"sent": 1}
    assert len(sink.accepted) == 1


def test_p4_m15_a_worker_frozen_after_the_hand_over_leaves_an_email_in_doubt(
    installation: FaultInstallation,
) -> None:
    sink = installation.start_mail_server()
    sink.mode = "stall:DATA,2"
    installation.queue(1)
    sleeper = installation.start_worker(lease=1)
    wait_until(lambda: any(line.lower() == "data" for line in sink.heard), "it is handed over")
    sleeper.send_signal(signal.SIGSTOP)
    installation.start_worker(lease=30)
    installation.wait_for(doubtful=1)
    sleeper.send_signal(signal.SIGCONT)
    time.sleep(2)
    assert installation.states == {"doubtful": 1}, "whoever slept decides nothing any more"
    assert len(sink.accepted) <= 1


def _returned(agency_id: int) -> None:
    lock_agency(agency_id)
    session.get_one(Agency, agency_id).name = f"{DONE} {agency_id}"
    cancel_emails(["letter"], agency_id, now=clock.now(), why="returned")


def _only_the_fact(agency_id: int) -> None:
    lock_agency(agency_id)
    session.get_one(Agency, agency_id).name = f"{DONE} {agency_id}"


def _moved(agency_id: int) -> None:
    lock_agency(agency_id)
    agency = session.scalars(select(Agency).where(Agency.id == agency_id)).one()
    agency.contacts[0].email = "moved@agency.example"


@pytest.mark.parametrize("change", [_returned, _only_the_fact, _moved])
@pytest.mark.parametrize("when", ["while queued", "while being sent"])
def test_p3_m16_m17_a_returned_or_moved_request_gets_no_further_email(
    installation: FaultInstallation, change: Callable[[int], None], when: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = "stall:RCPT,1.5"
    (agency_id,) = installation.queue(1)
    if when == "while being sent":
        installation.start_worker()
        wait_until(lambda: any(line.upper().startswith("RCPT") for line in sink.heard), "it is being sent")
        began = time.monotonic()
        installation.change(lambda: change(agency_id))
        assert time.monotonic() - began < 1, "a page never waits for the mail server"
    else:
        installation.change(lambda: change(agency_id))
        installation.start_worker()
    installation.wait_for(cancelled=1)
    time.sleep(0.5)
    assert sink.accepted == []
    assert not [line for line in sink.heard if line.upper() == "DATA"]


def test_p3_m17_no_email_is_sent_after_its_expiry(installation: FaultInstallation) -> None:
    sink = installation.start_mail_server()
    sink.mode = "stall:RCPT,2"
    (agency_id,) = installation.agencies(1)
    to, soon = "agency1@agency.example", clock.now().replace(microsecond=0)
    installation.start_worker()
    end = soon.fromtimestamp(soon.timestamp() + 3, tz=soon.tzinfo)
    installation.change(
        lambda: queue_email("letter", agency_id, to=to, key="letter:1", now=clock.now(), expires_at=end)
    )
    wait_until(
        lambda: installation.states["expired"] == 1 or installation.states["sent"] == 1, "it is settled"
    )
    assert all(message.at <= end.timestamp() for message in sink.accepted)


NAMES = [
    "Partnership\r\nBcc: thief@evil.example",
    'Bury, Rochdale & "Oldham" <a@b.example>',
    "x" * 300,
    "Schützen 🐘 نداء",
    "Partnership \u202egro.live\u202c",
    "a" * 1200,
]


@pytest.mark.parametrize("name", NAMES)
def test_p15_m18_m19_odd_names_make_one_recipient_one_subject_and_no_header(
    installation: FaultInstallation, name: str
) -> None:
    sink = installation.start_mail_server(SURVEY_PARTNERSHIP=name)
    installation.queue(1)
    installation.start_worker()
    installation.wait_for(sent=1)
    (taken,) = sink.accepted
    raw = taken.message.as_string()
    assert recipient(taken.message) == "agency1@agency.example"
    assert len(taken.message.get_all("Subject") or []) == 1
    assert len(taken.message["From"].addresses) == 1
    assert taken.message["From"].addresses[0].addr_spec == "audits@partnership.example"
    assert not set(taken.message.keys()) & {"Bcc", "Cc"}
    assert max(map(len, raw.splitlines())) <= 998
    body = taken.message.get_body(("plain",))
    assert body is not None
    assert " ".join(name.split()) in " ".join(body.get_content().split())


@pytest.mark.parametrize(
    "to", ["a@agency.example, b@agency.example", "a@agency.example\r\nRCPT TO:<b@x.example>", "ü@x.example"]
)
def test_p5_m18_an_email_without_exactly_one_address_is_refused_in_a_sentence(
    installation: FaultInstallation, to: str
) -> None:
    sink = installation.start_mail_server()
    (agency_id,) = installation.agencies(1)
    installation.change(lambda: queue_email("letter", agency_id, to=to, key="letter:1", now=clock.now()))
    installation.start_worker()
    installation.wait_for(failed=1)
    assert sink.accepted == []
    assert installation.rows()[0].last_text == "This is no address that mail servers take."
    assert not [line for line in sink.heard if line.upper().startswith("RCPT")]
