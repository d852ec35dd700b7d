from datetime import UTC, date, datetime, time

import pytest

from surveyapp.foundation.clock import local_day, utc_moment


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 1, 15), datetime(2027, 1, 15, 17, tzinfo=UTC)),
        (date(2027, 7, 15), datetime(2027, 7, 15, 16, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 16, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 17, tzinfo=UTC)),
    ],
)
def test_five_o_clock_is_five_o_clock_in_summer_and_in_winter(day: date, utc: datetime) -> None:
    assert utc_moment(day, time(17)) == utc


def test_half_past_midnight_in_summer_is_the_uk_day_not_the_utc_day() -> None:
    assert local_day(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)


def test_an_hour_that_the_clocks_skip_gives_the_moment_they_go_forward() -> None:
    assert utc_moment(date(2027, 3, 28), time(1, 30)) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
