"""A new program is deployed while contacts return, and two deployments share one database (promises D8)."""

from contextlib import ExitStack

import pytest

from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.faults.web.returning_audit import ReturningAudit
from tests.faults.web.returning_contacts import ReturningResult, contacts_returning
from tests.faults.web.web_server import WebServer

FINISHING = 180.0


@pytest.mark.alone
def test_p1_p3_p4_p5_d4_replacing_the_program_under_load_fails_no_request(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    sink, server = installation.start_mail_server(), WebServer(installation)
    audit = ReturningAudit(installation, contacts=24, cases=3)
    sink.mode = "stall:RCPT,0.1"
    server.start()
    (worker,), replaced = installation.start_workers(1), 0
    with contacts_returning(server.port, audit.grants, at_once=4) as (met, is_done):
        while not is_done():
            server.replace_processes()
            replaced += 1
            # A worker is replaced by stopping it, which lets it end the message under way.
            worker.terminate()
            assert worker.wait(PATIENCE) == 0
            (worker,) = installation.start_workers(1)
    audit.settle_mail()
    figure.count(requests_in_reload=met.requests, requests_failed=met.failures)
    figure(f"{replaced} replacements, {met.failures} of {met.requests} presses failed")
    assert replaced >= 2
    assert met.failures == 0
    audit.check(met, figure, server.port)


def test_p1_p3_p4_p5_d8_two_deployments_on_one_database_lose_and_repeat_nothing(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    sink, servers = installation.start_mail_server(), [WebServer(installation), WebServer(installation)]
    audit = ReturningAudit(installation, contacts=20, cases=3)
    sink.mode = "stall:RCPT,0.1"
    for server in servers:
        server.start()
    installation.start_workers(3)
    both = ReturningResult()
    with ExitStack() as stack:
        halves = [
            stack.enter_context(contacts_returning(server.port, audit.grants[number::2], at_once=2))
            for number, server in enumerate(servers)
        ]
        wait_until(lambda: all(is_done() for _met, is_done in halves), "everybody has returned", FINISHING)
    for met, _is_done in halves:
        both.confirmations += met.confirmations
        both.surprises += met.surprises
        both.failures += met.failures
        both.requests += met.requests
    audit.settle_mail()
    figure(f"two deployments: {both.failures} of {both.requests} presses failed")
    audit.check(both, figure, servers[0].port)
