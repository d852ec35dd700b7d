"""After any acts of contacts and staff, each request is with one person."""

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
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.answering.returns.operations import return_audit, return_nil, save_draft, take_back_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
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
from surveyapp.tracking.outstanding.queries import outstanding_list
from surveyapp.tracking.queries import tally
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import DEPUTY, GIVEN, PAT, opened_by
from tests.row_maker import Maker

# Acts that move a request from one person to another, and so change no count; and other acts.
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
                _act(act, make.requests(audit)[number], agency, now)
            assert act not in MOVES or before == tally(audit, now=now), act
            _check_invariants(audit, make, session)

    check()


def _act(act: str, audit_request: AuditRequest, agency: Agency, now: datetime) -> None:
    """Run one act; contacts use the link that opens the request at present."""
    holder = audit_request.grant
    opened = request_open_to({holder.public_id: holder.version}, audit_request.public_id)
    if opened is None and act not in BY_STAFF:
        raise Refused("No link opens it.")
    audit_request = opened or audit_request
    press = ButtonPress.fresh(return_of(audit_request))
    deputy = next(contact for contact in agency.contacts if contact.role == "deputy")
    lead = next(contact for contact in agency.contacts if contact.role == "lead")
    if act.startswith("pass"):
        to = ("Dan", DEPUTY) if act == "pass to deputy" else PAT
        sends_back = act == "pass to check"
        delegate_to_colleague(audit_request, name=to[0], email=to[1], sends_back=sends_back, now=now)
    elif act == "take back":
        if audit_request.open_delegation is not None:
            take_back_delegation(audit_request.open_delegation, now=now)
    elif act == "ask someone else":
        other = deputy if holder.contact_id != deputy.id else lead
        replace_contact(holder, other, actor="ann", now=now)
    else:
        acts: dict[str, Callable[[], object]] = {
            "send back": lambda: send_back_delegation(audit_request, now=now),
            "save": lambda: save_draft(audit_request, GIVEN, press, now=now),
            "return": lambda: return_audit(audit_request, GIVEN, press, now=now),
            "nil": lambda: return_nil(audit_request, "not_known", press, now=now),
            "take back nil": lambda: take_back_nil(audit_request, now=now),
            "withdraw": lambda: withdraw_request(audit_request, reason="r", actor="ann", now=now),
            "ask again": lambda: take_back_withdrawal(audit_request, actor="ann", now=now),
            "close": lambda: close_returns(audit_request.audit, actor="ann", now=now),
            "reopen": lambda: reopen(
                audit_request.audit, to=date(2027, 1, 15), reason="r", actor="ann", now=now
            ),
        }
        acts[act]()


def _check_invariants(audit: Audit, make: Maker, session: Session) -> None:
    """Check what holds after any history."""
    session.expire_all()
    requests, grants = make.requests(audit), make.grants(audit)
    delegating: set[int] = set()
    for audit_request in requests:
        open_delegations = select(Delegation).where(
            Delegation.request_id == audit_request.id, Delegation.under_way()
        )
        delegations = session.scalars(open_delegations).all()
        assert len(delegations) <= 1
        for delegation in delegations:
            assert audit_request.grant_id == delegation.to_grant_id != delegation.from_grant_id
            audit_return = return_of(audit_request)
            assert audit_return is None or audit_return.returned_at is None, "A return is with its passer."
            delegating.add(delegation.from_grant_id)
    holding = {audit_request.grant_id for audit_request in requests}
    for grant in grants:
        is_used = grant.id in delegating | holding
        assert (grant.revoked_at is None) == is_used, "A link is in force exactly while it is used."
        live = [audit_request.id for audit_request in live_requests(grant)]
        assert opened_by(grant) == (live if is_used else [])
    opened = sorted(request_id for grant in grants for request_id in opened_by(grant))
    assert opened == [audit_request.id for audit_request in requests if audit_request.withdrawn_at is None]
    waiting = sorted(audit_request.id for grant in grants for audit_request in outstanding(grant))
    assert waiting == sorted(row.request_id for row in outstanding_list(audit))
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
    counts = tally(audit, now=MONDAY_MORNING)
    assert (counts.returned, counts.outstanding) == (session.scalar(returned), len(waiting))
    grant_ids = [grant.id for grant in grants]
    delegations_of_audit = select(Delegation).where(
        or_(Delegation.from_grant_id.in_(grant_ids), Delegation.to_grant_id.in_(grant_ids))
    )
    for delegation in session.scalars(delegations_of_audit):
        assert delegation.finished_at is None or delegation.taken_back_at is None
