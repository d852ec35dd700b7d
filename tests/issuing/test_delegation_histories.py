"""Whatever contacts and staff do, each request is with one person."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import (
    ButtonPress,
    return_audit,
    return_nil,
    save_draft,
    take_back_nil,
)
from surveyapp.answering.returns.queries import outstanding, return_of
from surveyapp.closing.operations import close_returns, reopen
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.access_queries import request_open_to
from surveyapp.issuing.delegation_operations import send_back_delegation, take_back_delegation
from surveyapp.issuing.models import AuditRequest, Delegation
from surveyapp.issuing.queries import live_requests
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.planning.models import Audit
from surveyapp.tracking.outstanding_queries import outstanding_list
from surveyapp.tracking.queries import tally
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import DEPUTY, GIVEN, PAT, opened_by
from tests.row_maker import Maker

# What moves a request from one person to another, and so changes no count; and what else may happen.
MOVES = ("pass", "pass to deputy", "pass to check", "take back", "send back", "ask someone else")


ELSE = ("save", "return", "nil", "take back nil", "withdraw", "ask again", "close", "reopen")


BY_STAFF = {"withdraw", "ask again", "close", "reopen", "ask someone else", "take back"}


@pytest.mark.slow
def test_any_history_leaves_each_request_with_one_person(make: Maker, session: Session) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(MOVES + ELSE), st.integers(0, 2)), max_size=12))
    def check(history: list[tuple[str, int]]) -> None:
        agency = make.agency()
        agency.contacts.append(Contact(name="Dan Roe", email=DEPUTY, role="deputy"))
        audit = make.audit(cases=3, agencies=[agency])
        for minute, (act, number) in enumerate(history, start=1):
            now = MONDAY_MORNING + timedelta(minutes=minute)
            before = tally(audit, now=now)
            with contextlib.suppress(SurveyError), transaction():
                _do(act, make.requests(audit)[number], agency, now)
            assert act not in MOVES or before == tally(audit, now=now), act
            _holds(audit, make, session)

    check()


def _do(act: str, audit_request: AuditRequest, agency: Agency, now: datetime) -> None:
    """Do one thing that somebody might, contacts through the link that opens the request now."""
    holder = audit_request.grant
    mine = request_open_to({holder.public_id: holder.version}, audit_request.public_id)
    if mine is None and act not in BY_STAFF:
        raise Refused("No link opens it.")
    each = mine or audit_request
    press = ButtonPress.fresh(return_of(each))
    deputy = next(one for one in agency.contacts if one.role == "deputy")
    lead = next(one for one in agency.contacts if one.role == "lead")
    if act.startswith("pass"):
        to = ("Dan", DEPUTY) if act == "pass to deputy" else PAT
        delegate_to_colleague(each, name=to[0], email=to[1], sends_back=act == "pass to check", now=now)
    elif act == "take back":
        if each.open_delegation is not None:
            take_back_delegation(each.open_delegation, now=now)
    elif act == "ask someone else":
        other = deputy if holder.contact_id != deputy.id else lead
        replace_contact(holder, other, actor="ann", now=now)
    else:
        acts: dict[str, Callable[[], object]] = {
            "send back": lambda: send_back_delegation(each, now=now),
            "save": lambda: save_draft(each, GIVEN, press, now=now),
            "return": lambda: return_audit(each, GIVEN, press, now=now),
            "nil": lambda: return_nil(each, "not_known", press, now=now),
            "take back nil": lambda: take_back_nil(each, now=now),
            "withdraw": lambda: withdraw_request(each, reason="r", actor="ann", now=now),
            "ask again": lambda: take_back_withdrawal(each, actor="ann", now=now),
            "close": lambda: close_returns(each.audit, actor="ann", now=now),
            "reopen": lambda: reopen(each.audit, to=date(2027, 1, 15), reason="r", actor="ann", now=now),
        }
        acts[act]()


def _holds(audit: Audit, make: Maker, session: Session) -> None:
    """What is true whatever happened."""
    session.expire_all()
    requests, grants = make.requests(audit), make.grants(audit)
    watched: set[int] = set()
    for each in requests:
        wanted = select(Delegation).where(Delegation.request_id == each.id, Delegation.under_way())
        under_way = session.scalars(wanted).all()
        assert len(under_way) <= 1
        for one in under_way:
            assert each.grant_id == one.to_grant_id != one.from_grant_id
            kept = return_of(each)
            assert kept is None or kept.returned_at is None, "What is returned is with its passer."
            watched.add(one.from_grant_id)
    for grant in grants:
        hangs = grant.id in watched or any(each.grant_id == grant.id for each in requests)
        assert (grant.revoked_at is None) == hangs, "A link is live exactly while something hangs on it."
        assert opened_by(grant) == ([each.id for each in live_requests(grant)] if hangs else [])
    opened = sorted(number for grant in grants for number in opened_by(grant))
    assert opened == [each.id for each in requests if each.withdrawn_at is None]
    waiting = sorted(each.id for grant in grants for each in outstanding(grant))
    assert waiting == sorted(each.request_id for each in outstanding_list(audit))
    returned = (
        select(func.count())
        .select_from(Return)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .where(
            AuditRequest.audit_id == audit.id,
            AuditRequest.withdrawn_at.is_(None),
            Return.returned_at.is_not(None),
        )
    )
    found = tally(audit, now=MONDAY_MORNING)
    assert (found.returned, found.outstanding) == (session.scalar(returned), len(waiting))
    mine = [grant.id for grant in grants]
    passes = select(Delegation).where(
        or_(Delegation.from_grant_id.in_(mine), Delegation.to_grant_id.in_(mine))
    )
    for one in session.scalars(passes):
        assert one.finished_at is None or one.taken_back_at is None
