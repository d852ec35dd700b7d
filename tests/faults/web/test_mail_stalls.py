"""The mail server stalls or is away while people use pages (promises M1, M7, M16)."""

from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.served.visitor import Visitor
from tests.faults.web.returning_audit import EMAIL, PASSWORD, ReturningAudit
from tests.faults.web.returning_contacts import contacts_returning
from tests.faults.web.web_server import WebServer


def test_p3_m16_a_chaser_that_waits_at_the_mail_server_is_not_sent_after_the_confirmation(
    installation: FaultInstallation,
) -> None:
    sink, server = installation.start_mail_server(), WebServer(installation)
    audit = ReturningAudit(installation, contacts=1, cases=2)
    server.start()
    sink.mode = "stall:RCPT,600"
    (worker,) = installation.start_workers(1)
    wait_until(lambda: any(line.upper().startswith("RCPT") for line in sink.heard), "the chaser is offered")
    with contacts_returning(server.port, audit.grants, at_once=1) as (met, is_done):
        wait_until(is_done, "everything is returned")
    assert met.surprises == []
    assert len(met.confirmations) == 2, "confirmed while the chaser is still offered"
    assert installation.states["sent"] == 0
    worker.kill()
    worker.wait()
    audit.settle_mail_with_a_worker()
    assert {row.kind: row.state for row in installation.rows()} == {"chaser": "cancelled", "receipt": "sent"}
    assert len(sink.accepted) == 2


def test_p20_m7_pages_are_served_while_the_mail_server_stalls_in_the_same_process(
    installation: FaultInstallation,
) -> None:
    sink, server = installation.start_mail_server(), WebServer(installation)
    server.environment["FLASK_SURVEY_WORKER"] = "true"
    audit = ReturningAudit(installation, contacts=3, cases=1)
    sink.mode = "stall:MAIL,600"
    server.start()
    wait_until(lambda: any(line.upper().startswith("MAIL") for line in sink.heard), "a conversation stalls")
    with contacts_returning(server.port, audit.grants, at_once=3) as (met, is_done):
        wait_until(is_done, "everything is returned")
    assert met.surprises == []
    assert len(met.confirmations) == 3
    assert sink.accepted == [], "the server stalls still"


def test_p20_m1_the_manager_sees_why_mail_waits(installation: FaultInstallation) -> None:
    sink, server = installation.start_mail_server(), WebServer(installation)
    ReturningAudit(installation, contacts=3, cases=1)
    sink.mode = "banner:421 4.3.2 going down"
    server.start()
    installation.start_worker()
    wait_until(lambda: bool(installation.said.trouble), "the worker has met the fault")
    manager = Visitor(server.port)
    manager.get("/sign-in")
    assert manager.post("/sign-in", email=EMAIL, password=PASSWORD).status == 303
    for page in ("/audits", "/mail"):
        words = manager.get(page).words
        assert "Mail is waiting: the server says “421 4.3.2 going down” since " in words, page
        assert "3 messages queued, next try " in words, page
