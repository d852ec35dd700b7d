"""A day of another year has its year on every page of staff, a year after the demonstration."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import CrawledPage, crawl
from tests.page_client import PageClient
from tests.shared_app import in_app_context

# What people typed may name a day in any way, and so may the texts of a form.
_TYPED = re.compile(
    r"<(blockquote|textarea|dd|li|td|p|option)\b[^>]*\bsurvey-typed\b[^>]*>.*?</\1>", re.DOTALL
)
# The days of the calendar of chasers, whose first sentence has the years.
_CALENDAR_DAY = re.compile(r'<span class="survey-day__name">.*?</span></span>')
_TAG = re.compile(r"<[^>]+>")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
# A weekday or none, a day and a month, with no year after them.
_DAY = re.compile(rf"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* \d{{1,2}} (?:{_MONTHS})\b(?! \d{{4}})")


@pytest.fixture(scope="module")
def a_year_later(demonstration: Flask) -> dict[str, CrawledPage]:
    """The pages of staff, 53 weeks after the demonstration was loaded: each of its days is past."""
    with in_app_context(demonstration, now=MONDAY_MORNING + timedelta(weeks=53)):
        manager = PageClient(demonstration)
        manager.sign_in()
        return crawl(demonstration, manager)


@pytest.mark.slow
def test_no_page_prints_a_day_of_another_year_without_its_year(
    a_year_later: dict[str, CrawledPage],
) -> None:
    assert len(a_year_later) > 50
    without = {}
    for page in a_year_later.values():
        text = " ".join(_TAG.sub(" ", _CALENDAR_DAY.sub(" ", _TYPED.sub(" ", page.html))).split())
        if found := _DAY.findall(text):
            without[page.path] = found
    assert not without


def test_a_day_without_its_year_is_found() -> None:
    assert _DAY.findall("Closes Fri 8 January, on Friday 8 January 2027, Mon 9 March") == [
        "Fri 8 January",
        "Mon 9 March",
    ]
