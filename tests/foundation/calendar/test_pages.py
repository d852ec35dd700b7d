from datetime import date

from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session
from tests.page_client import PageClient

CHRISTMAS_EVE = {"day": ["24", "12", "2026"], "reason": "Office closure"}


def test_a_closed_day_is_added_shown_and_removed(client: PageClient) -> None:
    assert "There are none yet." in client.get("/closed-days").get_data(as_text=True)
    client.post("/closed-days", CHRISTMAS_EVE)
    shown = client.get("/closed-days").get_data(as_text=True)
    assert "Thursday 24 December 2026" in shown
    assert "Office closure" in shown
    assert not working_calendar().is_working_day(date(2026, 12, 24))
    session.rollback()
    client.post("/closed-days/2026-12-24/remove")
    assert working_calendar().is_working_day(date(2026, 12, 24))


def test_a_day_that_is_closed_already_is_refused_and_shown_again(client: PageClient) -> None:
    client.get("/closed-days")
    client.post("/closed-days", CHRISTMAS_EVE)
    client.get("/closed-days")
    refused = client.post("/closed-days", CHRISTMAS_EVE, status=409).get_data(as_text=True)
    assert "Thursday 24 December 2026 is closed already." in refused
    assert 'value="Office closure"' in refused


def test_an_invalid_day_is_refused_and_shown_again(client: PageClient) -> None:
    client.get("/closed-days")
    wrong = {"day": ["31", "2", "2027"], "reason": ""}
    refused = client.post("/closed-days", wrong, status=422).get_data(as_text=True)
    assert "There is a problem" in refused
    assert 'value="31"' in refused
    client.post("/closed-days", {"day": ["", "", ""]}, status=422)


def test_a_day_that_is_not_closed_cannot_be_removed(client: PageClient) -> None:
    client.get("/closed-days")
    client.post("/closed-days/2026-12-24/remove", status=404)
    client.post("/closed-days/soon/remove", status=404)
