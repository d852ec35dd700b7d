"""The audit’s page, the CSV file, the JSON and the database always give the same counts (promises P14)."""

import contextlib
import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.answering.outstanding_queries import not_returned
from surveyapp.answering.returns.operations import return_audit, return_nil, save_draft, take_back_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.closing.operations import allow_late, close_returns, reopen
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.planning.models import Audit
from surveyapp.tracking.outstanding.queries import outstanding_list
from surveyapp.tracking.queries import tally
from surveyapp.tracking.status_json import status_json
from surveyapp.tracking.status_queries import audit_status, request_cells
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

GIVEN = (GivenAnswer("supervision", option="yes"),)
LAST_DAY = date(2027, 1, 15)
Act = Callable[[AuditRequest, ButtonPress, datetime], object]
ACTS: dict[str, Act] = {
    "save": lambda asked, press, now: save_draft(asked, GIVEN, press, now=now),
    "return": lambda asked, press, now: return_audit(asked, GIVEN, press, now=now),
    "nil": lambda asked, press, now: return_nil(asked, "not_known", press, now=now),
    "take back nil": lambda asked, _press, now: take_back_nil(asked, now=now),
    "withdraw": lambda asked, _press, now: withdraw_request(asked, reason="r", actor="manager", now=now),
    "ask again": lambda asked, _press, now: take_back_withdrawal(asked, actor="manager", now=now),
    "close": lambda asked, _press, now: close_returns(asked.audit, actor="manager", now=now),
    "reopen": lambda asked, _press, now: reopen(
        asked.audit, to=LAST_DAY, reason="r", actor="manager", now=now
    ),
    "allow late": lambda asked, _press, now: allow_late(asked, actor="manager", now=now),
}
Step = tuple[str, int]


@pytest.mark.slow
@pytest.mark.usefixtures("app")
def test_page_file_status_and_database_agree_after_any_history(
    client: PageClient, make: Maker, session: Session
) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 5)), max_size=12))
    def check(history: list[Step]) -> None:
        audit = make.audit(cases=3, agencies=2)
        for minute, step in enumerate(history, start=1):
            _act(step, audit, make, minute)
        _compare(client, audit, session)

    check()


def _act(step: Step, audit: Audit, make: Maker, minute: int) -> None:
    """Run one act, which changes nothing if it is refused."""
    act, number = step
    audit_request = make.requests(audit)[number]
    with contextlib.suppress(SurveyError), transaction():
        press = ButtonPress.fresh(return_of(audit_request))
        ACTS[act](audit_request, press, MONDAY_MORNING + timedelta(minutes=minute))


def _compare(client: PageClient, audit: Audit, session: Session) -> None:
    audit_id = audit.id
    found = tally(audit, now=MONDAY_MORNING)
    drawn = audit_status(audit, now=MONDAY_MORNING)
    said = status_json(audit, now=MONDAY_MORNING)
    words = [cell.word for cell in request_cells(audit)]
    mine = AuditRequest.audit_id == audit_id
    waiting = session.scalar(select(func.count()).select_from(AuditRequest).where(mine, not_returned()))
    returned = session.scalar(
        select(func.count())
        .select_from(AuditRequest)
        .join(Return)
        .where(mine, AuditRequest.withdrawn_at.is_(None), Return.returned_at.is_not(None))
    )
    assert (found.returned, found.outstanding) == (returned, waiting)
    assert found.withdrawn == words.count("withdrawn") == len(words) - (returned or 0) - (waiting or 0)
    assert found == drawn.tally
    assert found.nil == words.count("nil return") == said["nil"]
    assert len(outstanding_list(audit)) == waiting
    assert sum(row.has_draft for row in outstanding_list(audit)) == found.started
    for lines in (drawn.cases, drawn.agencies):
        assert sum(line.tally.returned for line in lines) == returned
        assert sum(line.tally.outstanding for line in lines) == waiting
    assert (said["requests"], said["returned"], said["outstanding"]) == (found.requests, returned, waiting)
    page = client.get(f"/audits/{audit_id}").text
    assert found.in_words in page
    standing = f"{waiting} outstanding" if waiting else "Nothing is outstanding"
    assert standing in re.sub(r"<[^>]+>", "", page)
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(f"/audits/{audit_id}/outstanding.csv").data.decode("utf-8-sig"))
        )
    )
    assert len(rows) == waiting
