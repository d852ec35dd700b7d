from datetime import date

import pytest
from flask import Flask

from surveyapp.foundation.calendar.closed_days import close_day, closed_days, open_day
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING

EVE = date(2026, 12, 24)


def test_a_day_is_closed_once_and_opened_once(app: Flask) -> None:
    assert app.name
    with transaction():
        close_day(date(2026, 12, 31), "", actor="Manager", now=MONDAY_MORNING)
        close_day(EVE, "Office closure", actor="Manager", now=MONDAY_MORNING)
    assert [(closed_day.day.day, closed_day.reason) for closed_day in closed_days()] == [
        (24, "Office closure"),
        (31, ""),
    ]
    with pytest.raises(Refused, match="Thursday 24 December 2026 is closed already"), transaction():
        close_day(EVE, "", actor="Manager", now=MONDAY_MORNING)
    with transaction():
        open_day(EVE, actor="Manager", now=MONDAY_MORNING)
    with pytest.raises(NotFound), transaction():
        open_day(EVE, actor="Manager", now=MONDAY_MORNING)
    assert [closed_day.day.day for closed_day in closed_days()] == [31]
