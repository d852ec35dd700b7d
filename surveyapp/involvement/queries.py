"""Queries for the involvement check: which agencies were asked, what they said, and what a link opens."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.involvement.models import CheckedAgency
from surveyapp.issuing.models import CHECK_MAIL, Grant
from surveyapp.planning.grid.grid import PlannedGrid
from surveyapp.planning.grid.queries import involvement_answers, planned_grid
from surveyapp.planning.models import Audit, Case, InvolvementAnswer


@dataclass(frozen=True)
class AgencyInCheck:
    """One agency of the grid in the involvement check: whom to ask, and what it has said so far."""

    agency: Agency
    # The agency's contact who answers at present; None if it has nobody to ask.
    contact: Contact | None
    # None if the agency has not been asked yet.
    checked: CheckedAgency | None
    # How many children it called known, not known, and known only by a parent or sibling.
    said: Counter[str]
    # How many children it is asked about.
    cases: int
    # The newest email of the check to the contact who was asked.
    mail: Outbox | None = None

    @property
    def is_to_ask(self) -> bool:
        """Whether it has a contact who has not been asked at the address that they have now.

        A contact who left may have been asked, and so may the contact at an address that was corrected.
        """
        if self.contact is None:
            return False
        return (
            self.checked is None
            or self.checked.grant.contact_id != self.contact.id
            or self.was_asked_elsewhere
        )

    @property
    def was_asked_elsewhere(self) -> bool:
        """Whether the contact who was asked got the email at another address, and has not answered."""
        return (
            self.contact is not None
            and self.checked is not None
            and self.checked.grant.contact_id == self.contact.id
            and self.mail is not None
            and self.mail.to_addr != self.contact.email
            and not self.has_answered
        )

    @property
    def is_refused(self) -> bool:
        """Whether the newest email of the check did not reach the address that the contact has now."""
        return self.mail is not None and self.mail.state == "failed" and not self.is_to_ask

    @property
    def answered(self) -> int:
        """About how many children it has answered."""
        return self.said.total()

    @property
    def has_answered(self) -> bool:
        """Whether it has answered about every child."""
        return self.answered >= self.cases

    @property
    def is_to_remind(self) -> bool:
        """Whether its contact was asked, has something left to answer and was not reminded before."""
        return (
            self.checked is not None
            and not self.is_to_ask
            and not self.has_answered
            and self.checked.reminded_at is None
        )

    @property
    def is_not_involved(self) -> bool:
        """Whether it has answered about every child and knows none, nor a parent or sibling."""
        return self.has_answered and self.said["not_known"] == self.cases


@dataclass(frozen=True)
class InvolvementCheck:
    """The involvement check of one audit: a line for each agency of its grid."""

    grid: PlannedGrid
    agencies: tuple[AgencyInCheck, ...]

    @property
    def asked(self) -> tuple[AgencyInCheck, ...]:
        """The agencies that were asked."""
        return tuple(line for line in self.agencies if line.checked is not None)

    @property
    def answered(self) -> tuple[AgencyInCheck, ...]:
        """The agencies that have answered about every child."""
        return tuple(line for line in self.asked if line.has_answered)

    @property
    def to_ask(self) -> tuple[AgencyInCheck, ...]:
        """The agencies whose contact would be asked now."""
        return tuple(line for line in self.agencies if line.is_to_ask)

    @property
    def to_remind(self) -> tuple[AgencyInCheck, ...]:
        """The agencies whose contact would be reminded now."""
        return tuple(line for line in self.agencies if line.is_to_remind)

    @property
    def not_involved(self) -> tuple[AgencyInCheck, ...]:
        """The agencies that were asked and knew no child."""
        return tuple(line for line in self.asked if line.is_not_involved)


def involvement_check(audit: Audit) -> InvolvementCheck:
    """The check of an audit, by agency in the order of the grid."""
    grid = planned_grid(audit)
    checked = {row.agency_id: row for row in checked_agencies(audit)}
    said: dict[int, Counter[str]] = {}
    for cell, answer in involvement_answers(audit).items():
        said.setdefault(cell.agency_id, Counter())[answer] += 1
    mail = _newest_mail([row.grant_id for row in checked.values()])
    lines = []
    for agency in grid.agencies:
        row = checked.get(agency.id)
        lines.append(
            AgencyInCheck(
                agency=agency,
                contact=agency.answering_contact,
                checked=row,
                said=said.get(agency.id, Counter()),
                cases=len(grid.cases),
                mail=mail.get(row.grant_id) if row else None,
            )
        )
    return InvolvementCheck(grid, tuple(lines))


@dataclass(frozen=True)
class CheckFigures:
    """The involvement check in figures: how many agencies were asked and answered, and what they said.

    `said` counts answers, one for each agency and case; `not_involved` are the agencies that answered, and
    knew no child, nor a parent or sibling.
    """

    asked: int
    answered: int
    said: Counter[str]
    not_involved: int


def check_figures(audit: Audit) -> CheckFigures | None:
    """The figures of an audit's check, of every agency that was asked; None if none was. One statement."""
    mine = (InvolvementAnswer.agency_id == CheckedAgency.agency_id) & (
        InvolvementAnswer.case_id.in_(select(Case.id).where(Case.audit_id == audit.id))
    )
    rows = session.execute(
        select(CheckedAgency.agency_id, InvolvementAnswer.answer, func.count(InvolvementAnswer.id))
        .outerjoin(InvolvementAnswer, mine)
        .where(CheckedAgency.audit_id == audit.id)
        .group_by(CheckedAgency.agency_id, InvolvementAnswer.answer)
        .order_by(CheckedAgency.agency_id, InvolvementAnswer.answer)
    )
    by_agency: dict[int, Counter[str]] = {}
    for agency_id, answer, count in rows:
        by_agency.setdefault(agency_id, Counter()).update({answer: count} if answer else {})
    if not by_agency:
        return None
    answered = [said for said in by_agency.values() if said]
    return CheckFigures(
        asked=len(by_agency),
        answered=len(answered),
        said=sum(answered, Counter()),
        not_involved=sum(set(said) == {"not_known"} for said in answered),
    )


def checked_agencies(audit: Audit) -> list[CheckedAgency]:
    """The agencies that were asked, in the order in which they were."""
    rows = select(CheckedAgency).where(CheckedAgency.audit_id == audit.id)
    grant = joinedload(CheckedAgency.grant).joinedload(Grant.contact)
    return list(session.scalars(rows.options(grant).order_by(CheckedAgency.id)))


def audits_that_asked(contact: Contact) -> list[Audit]:
    """The audits, not issued yet, that have asked this contact which children their agency knew."""
    asked = (
        select(Audit)
        .join(CheckedAgency, CheckedAgency.audit_id == Audit.id)
        .join(CheckedAgency.grant)
        .where(Grant.contact_id == contact.id, Audit.issued_at.is_(None), Audit.set_aside_at.is_(None))
    )
    return list(session.scalars(asked.order_by(Audit.id)))


def _newest_mail(grant_ids: list[int]) -> dict[int, Outbox]:
    emails = select(Outbox).where(Outbox.kind.in_(CHECK_MAIL), Outbox.subject_id.in_(grant_ids))
    return {mail.subject_id: mail for mail in session.scalars(emails.order_by(Outbox.id))}


def checked_agency_of(grant: Grant) -> CheckedAgency | None:
    """The agency that is asked through this grant; None if it is not part of a check."""
    return session.scalar(
        select(CheckedAgency)
        .where(CheckedAgency.grant_id == grant.id)
        .options(joinedload(CheckedAgency.agency))
    )


def check_open_to(held: Mapping[str, int], public_id: str) -> CheckedAgency | None:
    """The agency that a browser may answer for, by the links it holds: public ids and versions of grants.

    None if it does not hold the link with this public id, or the link is no longer in force.
    """
    return session.scalar(
        select(CheckedAgency)
        .join(CheckedAgency.grant)
        .join(Grant.contact)
        .where(
            Grant.public_id == public_id,
            Grant.version == held.get(public_id, 0),
            Grant.revoked_at.is_(None),
            Contact.left_at.is_(None),
        )
        .options(
            joinedload(CheckedAgency.agency),
            joinedload(CheckedAgency.grant).options(
                joinedload(Grant.contact), joinedload(Grant.audit).undefer(Audit.holds_references)
            ),
        )
    )
