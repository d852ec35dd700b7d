import pytest

from surveyapp.foundation.mail.circuit_breaker import hold_mail, pause_mail
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

PATHS = ["/audits", "/agencies", "/forms", "/audits/1", "/audits/1/chasers", "/audits/1/close"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_staff_says_who_stopped_mail_and_starts_it_again(
    client: PageClient, make: Maker, path: str
) -> None:
    make.audit(cases=1, agencies=1)
    assert "No mail leaves" not in client.get(path).text
    with transaction():
        pause_mail(actor="Ann Lee", now=MONDAY_MORNING)
    page = client.get(path).text
    assert "No mail leaves: stopped by Ann Lee at 9:00am. 0 messages queued." in page
    assert 'action="/mail/resume"' in page
    client.post("/mail/resume")
    assert "No mail leaves" not in client.get(path).text


def test_mail_that_the_server_refuses_is_not_started_again_from_other_pages(client: PageClient) -> None:
    with transaction():
        hold_mail("our password is refused", now=MONDAY_MORNING)
    page = client.get("/audits").text
    assert "Mail is waiting since 9:00am: our password is refused." in page
    assert 'action="/mail/resume"' not in page


def test_a_form_with_an_error_says_that_mail_is_stopped(client: PageClient) -> None:
    with transaction():
        pause_mail(actor="Ann Lee", now=MONDAY_MORNING)
    assert "No mail leaves" in client.post("/audits/new", {"title": ""}, status=422).text


def test_the_day_stands_beside_the_hour_once_it_is_past(client: PageClient) -> None:
    with transaction():
        pause_mail(actor="Ann Lee", now=MONDAY_MORNING.replace(day=27))
    assert "stopped by Ann Lee on Friday 27 November 2026 at 9:00am." in client.get("/audits").text
