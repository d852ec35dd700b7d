from datetime import date

import pytest
from flask import Flask

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField, DayField, posted_number

NO_DAY = "Return by: enter a real day, like 1 12 2026 or 1 December 2026"


class Typed(SurveyForm):
    """An address and a day."""

    to = AddressField("Email address")
    day = DayField("Return by")


def typed(app: Flask, to: str, *day: str) -> Typed:
    with app.test_request_context("/", method="POST", data={"to": to, "day": list(day)}):
        form = Typed()
        form.validate()
        return form


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter an email address, like name@agency.example"),
        ("me at work", "“me at work” is not an email address. Enter one, like name@agency.example"),
        ("a@b.example, c@d.example", "“a@b.example, c@d.example” holds more than one email address."),
    ],
)
def test_an_invalid_address_is_refused_in_a_sentence(app: Flask, written: str, message: str) -> None:
    assert [error[: len(message)] for error in typed(app, written).to.errors] == [message]


def test_an_address_is_cleaned_of_pasted_characters(app: Flask) -> None:
    form = typed(app, " me@work.example\u200b ")
    assert (form.to.data, list(form.to.errors)) == ("me@work.example", [])


@pytest.mark.parametrize(
    ("boxes", "day", "messages"),
    [
        (("18", "12", "2026"), date(2026, 12, 18), []),
        (("", " ", ""), None, []),
        (("18", "December", "2026"), date(2026, 12, 18), []),
        (("18", " dec ", "2026"), date(2026, 12, 18), []),
        (("18/12/2026", "", ""), date(2026, 12, 18), []),
        (("31", "2", "2026"), None, [NO_DAY]),
        (("18", "Decembre", "2026"), None, [NO_DAY]),
        (("18", "12"), None, [NO_DAY]),
        (("18", "12", "26"), None, ["Return by: enter the year in four figures, like 2026"]),
        (("18", "12", "0026"), None, ["Return by: enter the year in four figures, like 2026"]),
        (("18", "12", "2206"), None, ["Return by: check the year, 2206; it is from 2000 to 2100"]),
    ],
)
def test_a_day_is_three_boxes(
    app: Flask, boxes: tuple[str, ...], day: date | None, messages: list[str]
) -> None:
    form = typed(app, "me@work.example", *boxes)
    assert (form.day.data, list(form.day.errors)) == (day, messages)


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", 7), (7, 7), ("9" * 10, 0), ("-1", 0), ("²", 0), ("", 0), (None, 0), ("one", 0)],
)
def test_a_posted_value_that_is_no_number_becomes_zero(value: object, number: int) -> None:
    assert posted_number(value) == number
