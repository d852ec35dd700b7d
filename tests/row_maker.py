"""Makes rows for tests; a test names only the details that matter to it."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import count

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.defining.library import form_named, shipped_forms
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case, Involvement

FORM = "repeat_child_protection_plans_2014"
_YES = (GivenAnswer("supervision", option="yes"),)


@lru_cache
def _definition(form_id: str) -> str:
    return form_named(shipped_forms(), form_id).to_json()


def _public_id() -> str:
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(24))


class Maker:
    """Makes agencies, audits and returns, and commits them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._numbers = count(1)

    def agency(
        self, name: str = "", *, kind: str = "police", contact: str | None = "", role: str = "lead"
    ) -> Agency:
        """An agency with one contact at the email address `contact`, or with none if `contact` is None."""
        agency = self._agency(name, kind=kind, contact=contact, role=role)
        session.commit()
        return agency

    def _agency(
        self, name: str = "", *, kind: str = "police", contact: str | None = "", role: str = "lead"
    ) -> Agency:
        number = next(self._numbers)
        agency = Agency(name=name or f"Agency {number}", kind=kind)
        if contact is not None:
            address = contact or f"audit{number}@agency.example"
            agency.contacts = [
                Contact(name=f"Lead {number}", email=address, telephone="01234 500100", role=role)
            ]
        session.add(agency)
        session.flush()
        return agency

    def audit(  # noqa: PLR0913 — details that tests may need
        self,
        *,
        cases: int = 3,
        agencies: list[Agency] | int = 2,
        issued: bool = True,
        returned: int = 0,
        title: str = "",
        form: str = FORM,
        due_on: date = date(2026, 12, 18),
        close_on: date = date(2027, 1, 15),
    ) -> Audit:
        """An audit in which every agency knew every child; the first `returned` requests are returned.

        Issued on 30 November 2026, due on Friday 18 December, closing on Friday 15 January 2027 at 17:00.
        """
        chosen = agencies if isinstance(agencies, list) else [self._agency() for _ in range(agencies)]
        audit = Audit(
            title=title or f"Audit {next(self._numbers)}",
            theme="Repeat plans",
            form_id=form,
            issue_on=date(2026, 11, 30),
            due_on=due_on,
            close_on=close_on,
            closes_at=utc_moment(close_on, time(17)),
            created_at=self.now,
        )
        audit.cases = [
            Case(
                position=number, pseudonym=f"Child {number}", age_months=12 * min(number, 17), gender="female"
            )
            for number in range(1, cases + 1)
        ]
        for case in audit.cases:
            case.involvements = [Involvement(agency=agency) for agency in chosen]
        session.add(audit)
        session.flush()
        if issued:
            self._issue(audit, chosen)
        if returned:
            session.flush()
            self._store_returns(self.requests(audit)[:returned], _YES, kind="submit")
        # One commit only, since every row is read afresh after it.
        session.commit()
        return audit

    def _issue(self, audit: Audit, agencies: list[Agency]) -> None:
        audit.issued_at = self.now
        audit.form_definition = _definition(audit.form_id)
        for agency in agencies:
            contact = agency.answering_contact
            assert contact is not None, "An agency without a contact cannot be issued to."
            grant = Grant(audit=audit, contact=contact, public_id=_public_id(), issued_at=self.now)
            session.add(grant)
            session.flush()
            for case in audit.cases:
                session.add(
                    AuditRequest(
                        public_id=_public_id(),
                        reference=secrets.token_hex(5).upper(),
                        audit_id=audit.id,
                        case=case,
                        agency=agency,
                        grant=grant,
                        issued_at=self.now,
                    )
                )

    def requests(self, audit: Audit) -> list[AuditRequest]:
        """The requests of an audit, in the order in which they were made."""
        return session.query(AuditRequest).filter_by(audit_id=audit.id).order_by(AuditRequest.id).all()

    def grants(self, audit: Audit) -> list[Grant]:
        """The grants of an audit, in the order in which they were made."""
        return session.query(Grant).filter_by(audit_id=audit.id).order_by(Grant.id).all()

    def returned(self, audit_request: AuditRequest, given: tuple[GivenAnswer, ...] = ()) -> Return:
        """Return a request; without answers given, with a “yes” to supervision."""
        return self.returned_all([audit_request], given)[0]

    def returned_all(
        self, audit_requests: Sequence[AuditRequest], given: tuple[GivenAnswer, ...] = ()
    ) -> list[Return]:
        """Return several requests with the same answers, which is much quicker than one by one."""
        returns = self._store_returns(audit_requests, given or _YES, kind="submit")
        session.commit()
        return returns

    def corrected(self, audit_request: AuditRequest, given: tuple[GivenAnswer, ...]) -> Return:
        """Return a request again with other answers, at the present `now` of the maker."""
        audit_return = session.query(Return).filter_by(request_id=audit_request.id).one()
        audit_return.version, audit_return.returned_at = audit_return.version + 1, self.now
        self._revise([(audit_return, audit_request)], given, kind="submit")
        session.commit()
        return audit_return

    def draft(self, audit_request: AuditRequest, given: tuple[GivenAnswer, ...] = ()) -> Return:
        """Save a draft without returning it; without answers given, with a “no” to supervision."""
        returns = self._store_returns(
            [audit_request], given or (GivenAnswer("supervision", option="no"),), kind="save"
        )
        session.commit()
        return returns[0]

    def _store_returns(
        self, audit_requests: Sequence[AuditRequest], given: tuple[GivenAnswer, ...], *, kind: str
    ) -> list[Return]:
        returns = [Return(request_id=audit_request.id, version=1) for audit_request in audit_requests]
        if kind == "submit":
            for audit_return in returns:
                audit_return.returned_at = audit_return.first_returned_at = self.now
        session.add_all(returns)
        session.flush()
        self._revise(list(zip(returns, audit_requests, strict=True)), given, kind=kind)
        return returns

    def _revise(
        self, returns: list[tuple[Return, AuditRequest]], given: tuple[GivenAnswer, ...], *, kind: str
    ) -> None:
        revisions = [
            Revision(
                return_id=audit_return.id,
                submission_id=secrets.token_hex(16),
                seen_version=audit_return.version - 1,
                kind=kind,
                grant_id=audit_request.grant_id,
                created_at=self.now,
            )
            for audit_return, audit_request in returns
        ]
        for revision in revisions:
            revision.answers = [
                Answer(question=answer.question, item=answer.item, option=answer.option, text=answer.text)
                for answer in given
            ]
        session.add_all(revisions)
        session.flush()
        for (audit_return, _audit_request), revision in zip(returns, revisions, strict=True):
            audit_return.current_revision_id = revision.id
        session.flush()
