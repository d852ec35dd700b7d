"""The log and the figures of a server with two processes: ids of requests, and no path anywhere."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from surveyapp.foundation.store.models import MAIL_STATES
from tests.faults.served.asked_contact import AskedContact
from tests.running.https_site import METRICS_TOKEN, HttpsSite

pytestmark = pytest.mark.slow

SIGN_IN = {"endpoint": "standalone.show_sign_in", "method": "GET", "status": "200"}


def asked_directly(site: HttpsSite, path: str, **headers: str) -> tuple[int, str]:
    """Status and text from gunicorn itself, as a scraper or a load balancer on this machine asks."""
    wire = HTTPConnection("127.0.0.1", site.behind, timeout=60)
    wire.request("GET", path, headers=headers)
    answer = wire.getresponse()
    text = answer.read().decode()
    wire.close()
    return answer.status, text


def figures(site: HttpsSite) -> list[tuple[str, dict[str, str], float]]:
    """Every figure: its name, its labels and its value."""
    status, text = asked_directly(site, "/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
    assert status == 200
    return [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


def value(site: HttpsSite, name: str, **labels: str) -> float:
    """The value of one figure; 0 where there is none yet."""
    return sum(value for found, those, value in figures(site) if (found, those) == (name, labels))


def log_lines(site: HttpsSite) -> Iterator[dict[str, Any]]:
    """The lines that the app has written; gunicorn’s own, about starting, are text."""
    for line in site.logs["app.log"].splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def lines_about(site: HttpsSite, name: str, lines: int) -> list[dict[str, Any]]:
    """What the app wrote about a request, once it and nginx have: a line may follow its answer."""
    for _ in range(200):
        found = [line for line in log_lines(site) if line.get("request_id") == name]
        if len(found) >= lines and name in site.logs["surveyapp.log"]:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{len(found)} of {lines} lines about {name} in the log.")


def test_requests_of_all_processes_are_counted_by_endpoint(site: HttpsSite) -> None:
    before = value(site, "surveyapp_requests_total", **SIGN_IN)
    timed = value(site, "surveyapp_request_seconds_count", endpoint=SIGN_IN["endpoint"])
    for _ in range(20):
        site.visitor().get("/sign-in")
    assert value(site, "surveyapp_requests_total", **SIGN_IN) == before + 20
    assert value(site, "surveyapp_request_seconds_count", endpoint=SIGN_IN["endpoint"]) == timed + 20


def test_what_nobody_has_a_page_for_makes_no_series_of_its_own(site: HttpsSite) -> None:
    for number in range(3):
        site.visitor().get(f"/nowhere-{number}")
        site.visitor().ask(f"ODD{number}", "/sign-in")
    labels = [labels for name, labels, _ in figures(site) if name == "surveyapp_requests_total"]
    assert {"endpoint": "none", "method": "GET", "status": "404"} in labels
    assert {those["method"] for those in labels} <= {"GET", "HEAD", "POST", "OPTIONS", "other"}
    assert not [those for those in labels if "/" in "".join(those.values())]


def test_the_outbox_the_worker_and_todays_returns_are_figures(site: HttpsSite, asked: AskedContact) -> None:
    before = value(site, "surveyapp_returns_today")
    contact, page = site.visitor(), asked.pages[1]
    contact.starts(asked.link)
    contact.get(page)
    check = contact.post(page, supervision="yes", strengths__or__concerns="no", next_step="check")
    contact.get(check.headers["Location"])
    contact.post(check.headers["Location"])
    assert asked.is_returned(1)
    assert value(site, "surveyapp_returns_today") == before + 1
    waiting = value(site, "surveyapp_emails", state="queued")
    sent = value(site, "surveyapp_emails", state="sent")
    assert waiting > 0
    assert value(site, "surveyapp_oldest_email_due_seconds") > 0
    site.survey("work", "--once")
    assert value(site, "surveyapp_emails", state="queued") == 0
    assert value(site, "surveyapp_emails", state="sent") == sent + waiting
    assert value(site, "surveyapp_oldest_email_due_seconds") == 0
    assert 0 <= value(site, "surveyapp_last_tick_age_seconds") < 600
    assert value(site, "surveyapp_database_up") == 1
    named = {labels["state"] for name, labels, _ in figures(site) if name == "surveyapp_emails"}
    assert named == set(MAIL_STATES)


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer wrong", METRICS_TOKEN[:-1]])
def test_without_the_token_there_are_no_figures(site: HttpsSite, token: str) -> None:
    status, text = asked_directly(site, "/metrics", **({"Authorization": token} if token else {}))
    assert (status, text) == (404, "There is no such page here.\n")


def test_a_load_balancer_asks_by_any_name(site: HttpsSite) -> None:
    assert asked_directly(site, "/ready", Host="10.0.0.7") == (200, "ready\n")
    assert site.visitor().get("/ready").text == "ready\n"


def test_every_line_about_a_request_has_the_id_that_nginx_logged(
    site: HttpsSite, asked: AskedContact
) -> None:
    path = urlsplit(asked.link).path
    answer = site.visitor().ask("GET", path, headers={"X-Request-ID": "f" * 32})
    name = answer.headers["X-Request-ID"]
    # Nobody chooses the id from outside.
    assert name != "f" * 32
    (line,) = lines_about(site, name, 1)
    assert site.logs["surveyapp.log"].count(f" {name}\n") == 1
    assert line["logger"] == "surveyapp.requests"
    assert (line["endpoint"], line["method"]) == ("survey_contact.answering.land", "GET")
    assert line["status"] == 200
    assert line["milliseconds"] > 0
    assert path not in json.dumps(line)


def test_an_event_is_in_the_log_with_the_request_that_caused_it(site: HttpsSite, asked: AskedContact) -> None:
    visitor = site.visitor()
    visitor.get("/sign-in")
    tried = visitor.post("/sign-in", email="nobody@partnership.example", password="wrong")  # noqa: S106 — it is
    name = tried.headers["X-Request-ID"]
    lines = lines_about(site, name, 2)
    (event,) = [line["event"] for line in lines if line["logger"] == "surveyapp.events"]
    assert event["action"] == "failed_sign_in"
    assert {line["logger"] for line in lines} == {"surveyapp.events", "surveyapp.requests"}
    assert asked.email not in site.logs["app.log"]
