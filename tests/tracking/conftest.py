"""More rows for tests of tracking: emails in a state, and many requests at once."""

import secrets
from collections.abc import Callable

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Post = Callable[..., Outbox]


@pytest.fixture
def post(session: Session) -> Post:
    """Store an email about a grant, in a state: `post(grant, "failed")`."""

    def _post(grant: Grant, state: str = "sent", *, kind: str = "request", to: str = "") -> Outbox:
        mail = Outbox(
            dedupe_key=f"{kind}:{grant.id}:{secrets.token_hex(4)}",
            kind=kind,
            subject_id=grant.id,
            to_addr=to or grant.contact.email,
            state=state,
            on_doubt="resend",
            message_id=secrets.token_hex(8),
            date_header="",
            not_before=MONDAY_MORNING,
            created_at=MONDAY_MORNING,
            last_text="550 5.1.1 unknown" if state == "failed" else "",
        )
        if state in {"sent", "failed"}:
            mail.handed_over_at = mail.finished_at = MONDAY_MORNING
        session.add(mail)
        session.commit()
        return mail

    return _post


def _as_first(first: AuditRequest, case_id: int) -> dict[str, object]:
    return {
        "public_id": secrets.token_hex(12),
        "reference": secrets.token_hex(6),
        "audit_id": first.audit_id,
        "case_id": case_id,
        "agency_id": first.agency_id,
        "grant_id": first.grant_id,
        "issued_at": MONDAY_MORNING,
    }


@pytest.fixture
def many(make: Maker, session: Session) -> Callable[[int, int, int], Audit]:
    """Make an audit of many requests in bulk, all of them sent: `many(cases, agencies, returned)`."""

    def _many(cases: int, agencies: int, returned: int) -> Audit:
        audit = make.audit(cases=1, agencies=agencies, title=f"Audit of {cases * agencies}")
        others = [
            {
                "audit_id": audit.id,
                "position": number,
                "pseudonym": f"Child {number}",
                "unborn": False,
                "needs": [],
            }
            for number in range(2, cases + 1)
        ]
        if others:
            session.execute(insert(Case), others)
        firsts = make.requests(audit)
        later = session.query(Case.id).filter(Case.audit_id == audit.id, Case.position > 1).order_by(Case.id)
        requests = [_as_first(first, case_id) for (case_id,) in later for first in firsts]
        if requests:
            session.execute(insert(AuditRequest), requests)
        session.commit()
        ids = [
            row[0]
            for row in session.query(AuditRequest.id).filter_by(audit_id=audit.id).order_by(AuditRequest.id)
        ]
        rows = [
            {
                "request_id": id_,
                "version": 1,
                "returned_at": MONDAY_MORNING,
                "nil_reason": "",
                "is_late": False,
            }
            for id_ in ids[:returned]
        ]
        if rows:
            session.execute(insert(Return), rows)
        for grant in make.grants(audit):
            session.add(
                Outbox(
                    dedupe_key=f"request:{grant.id}:1",
                    kind="request",
                    subject_id=grant.id,
                    to_addr=grant.contact.email,
                    state="sent",
                    on_doubt="resend",
                    message_id=f"m{grant.id}",
                    date_header="",
                    not_before=MONDAY_MORNING,
                    created_at=MONDAY_MORNING,
                )
            )
        session.commit()
        return audit

    return _many
