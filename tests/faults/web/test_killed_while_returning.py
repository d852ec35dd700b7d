"""Web processes and workers are killed while contacts return; what was confirmed is stored once."""

import random
import time
from collections import Counter

from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.faults.web.returning_audit import ReturningAudit
from tests.faults.web.returning_contacts import contacts_returning
from tests.faults.web.web_server import WebServer

# Seconds for which processes are killed; then everybody may finish.
KILLING, FINISHING = 25.0, 180.0


def test_p1_p3_p4_p5_p9_p14_d4_processes_killed_while_people_return_lose_and_repeat_nothing(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    sink, server = installation.start_mail_server(), WebServer(installation)
    audit = ReturningAudit(installation, contacts=24, cases=3)
    # Slow enough for returns to overtake chasers.
    sink.mode = "stall:RCPT,0.2"
    server.start()
    on_postgresql = installation.database.startswith("postgresql")
    workers = [installation.start_worker(lease=2) for _ in range(3 if on_postgresql else 1)]
    chance, kills = random.Random(20), Counter[str]()  # noqa: S311 — repeatable, not secret
    with contacts_returning(server.port, audit.grants, at_once=6) as (met, is_done):
        end = time.monotonic() + KILLING
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.3, 1.5))
            match chance.choice(["one web process", "one web process", "worker", "every web process"]):
                case "one web process":
                    kills["web"] += server.kill_one(chance)
                case "every web process":
                    kills["web"] += len(server.web_processes) + 1
                    server.kill_all()
                    server.launch()
                case "worker":
                    victim = workers.pop(chance.randrange(len(workers)))
                    victim.kill()
                    victim.wait()
                    workers.append(installation.start_worker(lease=2))
                    kills["workers"] += 1
        wait_until(is_done, "everybody has returned", FINISHING)
    audit.settle_mail()
    figure.count(kills=kills.total())
    figure(
        f"{len(met.confirmations)} returns confirmed, {kills['web']} web processes and {kills['workers']} "
        f"workers killed, {met.failures} of {met.requests} presses without an answer"
    )
    audit.check(met, figure, server.port)
