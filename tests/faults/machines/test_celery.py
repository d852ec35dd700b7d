"""Celery wakes workers and carries nothing else (promises 3.4, M14, D8, D11), on Redis and on RabbitMQ."""

import re
import signal
import time
from collections.abc import Sequence

import pytest

from surveyapp.celery import DRAIN, TICK
from surveyapp.foundation import clock
from surveyapp.foundation.mail import waking
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.outbox import queue_email
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.faults.machines.conftest import CeleryMachines

# Seconds; a page waits for no broker, and a busy machine is given this much.
PAGE_SECONDS = 0.5


def queue_letters(installation: FaultInstallation, agency_ids: Sequence[int], *, first: int = 1) -> None:
    """Queue a letter to each of these agencies, in one commit; `first` is the number of the first one."""

    def letters() -> None:
        for number, agency_id in enumerate(agency_ids, first):
            to = f"agency{number}@agency.example"
            assert queue_email("letter", agency_id, to=to, key=f"letter:{agency_id}", now=clock.now())

    installation.change(letters)


def each_once(installation: FaultInstallation) -> bool:
    """Whether the mail server has no message twice."""
    taken = [message.id for message in installation.mail_server.accepted]
    return len(set(taken)) == len(taken)


def ticked_at(installation: FaultInstallation) -> object:
    """When tick() last ran."""
    return installation.ask(lambda _session: switches().last_tick_at)


def test_p5_d11_a_page_that_queues_mail_has_it_sent_at_once(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    machines.installation.start_mail_server()
    machines.host  # noqa: B018 — installs the tasks, so that pages of this process wake workers
    machines.start_worker()
    machines.wait_until_ready()
    begun = time.monotonic()
    machines.installation.queue(1)
    machines.installation.wait_for(sent=1)
    figure(f"from the commit to the mail server through the broker: {time.monotonic() - begun:.2f} s")


def test_p5_d11_beat_ticks_and_drains_without_any_page(machines: CeleryMachines) -> None:
    installation = machines.installation
    installation.start_mail_server()
    # Queued by a process that knows no Celery, such as an old release.
    installation.queue(5)
    machines.start_worker(beat=1)
    installation.wait_for(sent=5)
    wait_until(lambda: ticked_at(installation) is not None, "tick() has run")
    assert each_once(installation)


def test_p9_d11_the_broker_carries_no_more_than_the_names_of_two_tasks(machines: CeleryMachines) -> None:
    installation = machines.installation
    installation.start_mail_server()
    machines.host  # noqa: B018 — see above
    machines.start_worker(beat=1)
    machines.wait_until_ready()
    installation.queue(3)
    installation.wait_for(sent=3)
    time.sleep(2)
    sent = bytes(machines.proxy.sent)
    assert DRAIN.encode() in sent
    assert TICK.encode() in sent
    for secret in (b"agency1", b"agency.example", b"letter:", b"Lead", b"postgresql", b"survey_outbox"):
        assert secret not in sent, secret
    # Arguments, as Celery encodes them: none by place, none by name.
    bodies = set(re.findall(rb'"argsrepr": "([^"]*)", "kwargsrepr": "([^"]*)"', sent))
    assert bodies <= {(b"()", b"{}")}


def test_p20_d11_a_page_does_not_wait_for_a_broker_that_is_away_or_says_nothing(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    installation = machines.installation
    installation.start_mail_server()
    machines.host  # noqa: B018 — see above
    agency_ids = installation.agencies(30)
    took: dict[str, float] = {}
    for number, (state, act) in enumerate(
        {"whole": machines.proxy.mend, "cut": machines.proxy.cut, "silent": machines.proxy.silence}.items()
    ):
        if state == "silent":
            machines.proxy.mend()
        act()
        worst = 0.0
        for place in range(number * 10, number * 10 + 10):
            begun = time.monotonic()
            queue_letters(installation, agency_ids[place : place + 1], first=place + 1)
            worst = max(worst, time.monotonic() - begun)
        assert worst < PAGE_SECONDS, state
        took[state] = worst * 1000
    # The thread gives each wake-up up within its time-outs, so a command that ends is not held up for ever.
    assert machines.wake_ups.wait_until_idle(PATIENCE)
    figure("slowest commit with mail, broker " + ", ".join(f"{s}: {t:.0f} ms" for s, t in took.items()))


def test_p4_p5_d11_mail_queued_while_the_broker_is_away_is_sent_once_it_is_back(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    installation = machines.installation
    installation.start_mail_server()
    machines.host  # noqa: B018 — see above
    machines.start_worker(beat=1)
    machines.wait_until_ready()
    agency_ids = installation.agencies(21)
    queue_letters(installation, agency_ids[:1])
    installation.wait_for(sent=1)
    machines.proxy.cut()
    queue_letters(installation, agency_ids[1:], first=2)
    time.sleep(3)
    # A worker may have taken a wake-up in before the cut, so that some are on their way already.
    assert sum(installation.states.values()) == 21, "the outbox keeps what no worker was woken for"
    machines.proxy.mend()
    installation.wait_for(sent=21)
    assert each_once(installation)
    figure.count(messages=21)


def test_p4_p5_d11_mail_queued_while_the_broker_is_away_is_sent_by_any_other_worker(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    installation = machines.installation
    installation.start_mail_server()
    machines.host  # noqa: B018 — see above
    machines.proxy.cut()
    installation.queue(10)
    installation.start_worker()
    installation.wait_for(sent=10)
    assert each_once(installation)
    figure.count(messages=10)


def test_p4_d11_a_hundred_wake_ups_too_many_and_late_send_nothing_twice(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    installation = machines.installation
    installation.start_mail_server()
    machines.host.tasks[DRAIN].apply_async()
    for _ in range(50):
        machines.host.tasks[DRAIN].apply_async()
        machines.host.tasks[TICK].apply_async()
    installation.queue(60)
    for _ in range(2):
        machines.start_worker(beat=1)
    installation.start_worker()
    installation.wait_for(sent=60)
    wait_until(lambda: machines.waiting() == 0, "every wake-up is answered")
    assert len(installation.mail_server.accepted) == 60
    assert each_once(installation)
    figure.count(messages=60)


def test_p5_m14_d11_a_celery_worker_killed_while_it_sends_loses_nothing(
    machines: CeleryMachines, figure: FigureNotes
) -> None:
    installation = machines.installation
    sink = installation.start_mail_server()
    machines.host  # noqa: B018 — see above
    sink.mode = "stall:RCPT,2"
    first = machines.start_worker("--pool", "solo", beat=1, lease=2)
    installation.queue(5, "parcel")
    wait_until(lambda: any(line.upper().startswith("RCPT") for line in sink.heard), "it is sending")
    first.kill()
    assert first.wait(PATIENCE) == -signal.SIGKILL
    sink.mode = "ok"
    machines.start_worker(beat=1, lease=2)
    installation.wait_for(sent=5)
    assert {message.to for message in sink.accepted} == {f"agency{n}@agency.example" for n in range(1, 6)}
    figure.count(messages=5, kills=1)


@pytest.mark.parametrize("wants", [1, 500])
def test_d11_a_burst_of_mail_wakes_workers_once_a_second(machines: CeleryMachines, wants: int) -> None:
    machines.installation.start_mail_server()
    begun = clock.now()
    for _ in range(wants):
        machines.wake_ups.want()
    assert machines.wake_ups.wait_until_idle(PATIENCE)
    seconds = (clock.now() - begun).total_seconds()
    assert 1 <= machines.waiting() <= 2 + seconds / waking.PAUSE_SECONDS
