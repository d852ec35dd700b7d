"""Several workers on one database: one ticks at a time, and another takes over within its lease."""

import signal
import subprocess
import time
from datetime import datetime
from itertools import pairwise

from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.store.models import Switches
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.figures import FigureNotes

# Seconds; long enough to start a worker on a busy machine, and short enough for a test.
LEASE = 6.0


def row(installation: FaultInstallation) -> tuple[str, datetime | None, datetime | None]:
    """Who holds the tick, until when, and when it last ended."""

    def of(found: Switches) -> tuple[str, datetime | None, datetime | None]:
        return found.tick_owner, found.tick_until, found.last_tick_at

    read: tuple[str, datetime | None, datetime | None] = installation.ask(lambda _session: of(switches()))
    return read


def notes(installation: FaultInstallation) -> list[list[str]]:
    """What the workers have noted: a word, the number of the tick, the process and the time."""
    place = installation.folder / "ticks"
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    return [line.split() for line in lines]


def ticks_in(installation: FaultInstallation) -> list[tuple[int, float, float]]:
    """Every tick that began, as `slow_tick_app` notes it: process, beginning and end, 0 if it did not end."""
    begun: dict[int, tuple[int, float, float]] = {}
    for word, number, process, at in notes(installation):
        if word == "ready":
            continue
        if word == "begun":
            begun[int(number)] = (int(process), float(at), 0.0)
        else:
            begun[int(number)] = (*begun[int(number)][:2], float(at))
    return list(begun.values())


def start_ticking(
    installation: FaultInstallation, *, seconds: float, waits: bool = False
) -> subprocess.Popen[bytes]:
    """Start a worker whose ticks take so many seconds, under a lease of LEASE seconds.

    One that waits begins once another ticks, so that the time of starting it is not counted.
    """
    environ = {
        **({"WAITS": "1"} if waits else {}),
        "TICK_SECONDS": str(seconds),
        "TICK_LEASE_SECONDS": str(LEASE),
        "TICKS": str(installation.folder / "ticks"),
    }
    return installation.start_program(["-m", "tests.faults.machines.slow_tick_app"], environ)


def test_d8_a_worker_killed_while_it_ticks_is_replaced_within_the_lease(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    installation.start_mail_server()
    others = [start_ticking(installation, seconds=0, waits=True) for _ in range(2)]
    wait_until(lambda: len(notes(installation)) == 2, "two workers are ready")
    first = start_ticking(installation, seconds=60)
    wait_until(lambda: len(ticks_in(installation)) == 1, "the first worker ticks")
    _, leased_until, _ = row(installation)
    assert leased_until is not None
    first.kill()
    assert first.wait(PATIENCE) == -signal.SIGKILL
    killed_at = time.time()
    figure.count(kills=1)
    wait_until(lambda: row(installation)[2] is not None, "another worker has ticked")
    second = ticks_in(installation)[1]
    assert second[0] in {worker.pid for worker in others}
    assert second[1] >= leased_until.timestamp() - 1, "not before the lease has lapsed"
    figure(f"killed while it ticked, lease {LEASE:.0f} s: another ticked {second[1] - killed_at:.1f} s later")


def test_d8_a_worker_frozen_past_its_lease_is_replaced_and_does_no_harm_when_it_wakes(
    installation: FaultInstallation,
) -> None:
    installation.start_mail_server()
    sleeper = start_ticking(installation, seconds=1)
    wait_until(lambda: len(ticks_in(installation)) == 1, "the first worker ticks")
    sleeper.send_signal(signal.SIGSTOP)
    awake = start_ticking(installation, seconds=0)
    wait_until(lambda: row(installation)[2] is not None, "another worker has ticked")
    awake.terminate()
    awake.wait(PATIENCE)
    ticked_at = row(installation)[2]
    sleeper.send_signal(signal.SIGCONT)
    wait_until(lambda: ticks_in(installation)[0][2] > 0, "the sleeper ends its tick")
    time.sleep(1)
    after = row(installation)
    assert after[2] is not None
    assert ticked_at is not None
    assert after[2] >= ticked_at, "the sleeper’s end of an old tick is not stored over the newer one"


def test_d8_ticks_of_three_workers_never_overlap(installation: FaultInstallation) -> None:
    installation.start_mail_server()
    for _ in range(3):
        start_ticking(installation, seconds=0.3)
    wait_until(lambda: len([t for t in ticks_in(installation) if t[2]]) >= 8, "eight ticks")
    ended = sorted(tick[1:] for tick in ticks_in(installation) if tick[2])
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(ended))


def test_p4_p5_m14_d8_three_workers_hand_three_hundred_messages_over_once_each(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    sink = installation.start_mail_server()
    installation.queue(300)
    for _ in range(3):
        installation.start_worker()
    installation.wait_for(sent=300)
    taken = sink.accepted
    assert len(taken) == 300
    assert {message.to for message in taken} == {f"agency{n}@agency.example" for n in range(1, 301)}
    assert len({message.id for message in taken}) == 300
    figure.count(messages=300)
    owners = installation.ask(
        lambda s: set(s.connection().exec_driver_sql("SELECT lease_owner FROM survey_outbox").scalars())
    )
    assert len(owners) <= 301
    figure(f"300 messages, three workers: {299 / (taken[-1].at - taken[0].at):.0f} a second")


def test_p5_m14_no_message_waits_for_one_that_another_worker_is_stuck_on(
    installation: FaultInstallation,
) -> None:
    sink = installation.start_mail_server()
    # The first worker hangs on one recipient; SKIP LOCKED lets the second pass it by.
    installation.queue(20)
    sink.mode = "stallfinal:240 for=agency1@agency.example"
    for _ in range(2):
        installation.start_worker()
    installation.wait_for(sent=19, sending=1)
