"""The navigation of an audit, as its pages show it."""

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def navigation_of(client: PageClient, path: str) -> str:
    """The wide navigation of a page."""
    page = client.get(path).get_data(as_text=True)
    return page.split('class="survey-journey"')[1].split("</nav>")[0]


def current(part: str) -> list[tuple[str, str]]:
    """What is marked as current, with the value of aria-current."""
    marked = re.findall(r'aria-current="(\w+)"><span class="survey-journey__name">([^<]+)', part)
    return [(words, value) for value, words in marked]


def test_the_front_page_of_an_audit_is_the_grid_of_returns(client: PageClient, make: Maker) -> None:
    audit = make.audit(title="Repeat plans", cases=2, agencies=2, returned=1)
    part = navigation_of(client, f"/audits/{audit.id}")
    assert current(part) == [("Returns", "page"), ("Grid", "page")]
    assert "Repeat plans</a>" in part
    assert "returns close on Fri 15 January" in part
    assert '">1 of 4<' in part
    assert f'href="/audits/{audit.id}/collation"' in part
    assert re.search(r'Outstanding</span> <span class="survey-journey__note">3<', part)


def test_a_page_below_another_marks_that_one(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    request = make.requests(audit)[0]
    below = f"/audits/{audit.id}/requests/{request.id}"
    assert current(navigation_of(client, below)) == [("Returns", "true"), ("Grid", "true")]
    assert current(navigation_of(client, f"{below}/withdraw")) == [("Returns", "true"), ("Grid", "true")]
    assert current(navigation_of(client, f"/audits/{audit.id}/extend")) == [
        ("Returns", "true"),
        ("Close", "true"),
    ]


def test_a_step_with_one_page_has_no_second_line(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    executive = client.colleague("Joan Ellery", "executive")
    part = navigation_of(executive, f"/audits/{audit.id}/brief/release")
    assert current(part) == [("Brief", "page")]
    assert "survey-journey__pages" not in part


def test_a_step_that_is_not_possible_yet_is_a_word_that_says_when(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    part = navigation_of(client, f"/audits/{audit.id}/set-up")
    assert current(part) == [("Set up", "page"), ("Overview", "page")]
    assert "being set up" in part
    assert f'href="/audits/{audit.id}/collation"' not in part
    assert re.search(
        r'<span class="survey-journey__link survey-journey__link--waits">'
        r'<span class="survey-journey__name">Collation</span> '
        r'<span class="survey-journey__note">after the first return<',
        part,
    )


def test_narrow_screens_open_the_steps_behind_the_current_one(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1)
    page = client.get(f"/audits/{audit.id}/outstanding").get_data(as_text=True)
    narrow = page.split('class="survey-journey__narrow"')[1].split("</nav>")[0]
    assert '<summary class="survey-journey__here">Returns: 1 of 2</summary>' in narrow
    assert current(narrow) == [("Returns", "true"), ("Outstanding", "page")]


def test_a_form_with_an_error_keeps_its_place(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = client.post(f"/audits/{audit.id}/findings/add", {"text": ""}, status=422)
    part = page.get_data(as_text=True).split('class="survey-journey"')[1].split("</nav>")[0]
    assert current(part) == [("Conclusions", "true"), ("Findings", "true")]


@pytest.mark.parametrize("path", ["/audits", "/agencies", "/mail", "/audits/new", "/resources"])
def test_a_page_of_no_audit_has_no_such_navigation(client: PageClient, path: str) -> None:
    assert "survey-journey" not in client.get(path).get_data(as_text=True)


def test_a_closed_audit_says_since_when(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, close_on=date(2026, 12, 18))
    audit.closes_at = audit.closed_at = MONDAY_MORNING
    session.commit()
    assert "returns closed on Mon 30 November" in navigation_of(client, f"/audits/{audit.id}")
