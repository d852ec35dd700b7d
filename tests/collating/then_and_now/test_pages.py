"""The page Then and now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns, reopen
from surveyapp.collating.then_and_now.operations import freeze_closed_audits
from surveyapp.foundation.store.db import transaction
from tests.collating.example_answers import text_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_the_page_says_so_before_returns_close(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = text_of(client.get(f"/audits/{audit.id}/collation/then-and-now").text)
    assert "Returns have not closed yet." in page


def test_a_figure_changed_by_a_late_return_is_shown_with_both_shares(
    client: PageClient, make: Maker, queries: Queries
) -> None:
    audit = make.audit(cases=1, agencies=3, returned=2)
    path = f"/audits/{audit.id}/collation/then-and-now"
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    assert "Nothing has changed since." in client.get(path).text
    make.returned(make.requests(audit)[2])
    with queries(14):
        page = text_of(client.get(path).text)
    assert "“Then” is when returns closed, Monday 30 November 2026 at 9:00am." in page
    assert "Returned 2 3" in page
    assert "Case overseen or discussed in supervision Yes 2 of 2 (100%) 3 of 3 (100%)" in page
    assert "No 0 of 2 (0%) 0 of 3 (0%) Not applicable 0 of 2 (0%) 0 of 3 (0%) Not answered" in page


def test_an_earlier_close_can_be_chosen(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1)
    later = MONDAY_MORNING + timedelta(days=1)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    with transaction():
        reopen(audit, to=date(2027, 1, 15), reason="One more", actor="manager", now=later)
    make.returned(make.requests(audit)[1])
    with transaction():
        close_returns(audit, actor="manager", now=later)
    path = f"/audits/{audit.id}/collation/then-and-now"
    answer = client.get(path).text
    assert "Nothing has changed since." in answer
    link = answer.partition("then-and-now?close=")[2].partition('"')[0]
    assert "Returned 1 2" in text_of(client.get(f"{path}?close={link}").text)
    for wrong in (99, 10**30):
        client.get(f"{path}?close={wrong}", status=404)
    session.rollback()


def test_the_page_says_when_the_worker_counted_later(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.closed_at = MONDAY_MORNING
    session.commit()
    with transaction():
        freeze_closed_audits(MONDAY_MORNING + timedelta(hours=2))
    page = text_of(client.get(f"/audits/{audit.id}/collation/then-and-now").text)
    assert "The figures were counted later, Monday 30 November 2026 at 11:00am." in page
