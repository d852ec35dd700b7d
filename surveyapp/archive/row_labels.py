"""Labels (case, agency, reference) for the requests, grants and cases in an archive’s event and mail logs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True, slots=True)
class RowLabel:
    """The case, agency and reference that a row is about, named as in the other exports."""

    case: str = ""
    agency: str = ""
    reference: str = ""


EMPTY_LABEL = RowLabel()


@dataclass(frozen=True)
class RowLabels:
    """The labels of one audit's requests, grants and cases, by their ids."""

    requests: Mapping[int, RowLabel]
    grants: Mapping[int, RowLabel]
    cases: Mapping[int, RowLabel]

    def of(self, kind: str, number: int) -> RowLabel:
        """The label of a row such as “request 12”; an empty one for rows of other kinds or audits."""
        labels = {"request": self.requests, "grant": self.grants, "case": self.cases}.get(kind, {})
        return labels.get(number, EMPTY_LABEL)


def row_labels(audit: Audit) -> RowLabels:
    """Read the labels of an audit's requests, grants and cases, in three statements."""
    requests = session.execute(
        select(AuditRequest.id, Case.pseudonym, Agency.name, AuditRequest.reference)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .where(AuditRequest.audit_id == audit.id)
        .order_by(AuditRequest.id)
    )
    grants = session.execute(
        select(Grant.id, Agency.name)
        .join(Contact, Contact.id == Grant.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Grant.audit_id == audit.id)
        .order_by(Grant.id)
    )
    cases = session.execute(
        select(Case.id, Case.pseudonym).where(Case.audit_id == audit.id).order_by(Case.id)
    )
    return RowLabels(
        {row[0]: RowLabel(row[1], row[2], row[3]) for row in requests},
        {row[0]: RowLabel(agency=row[1]) for row in grants},
        {row[0]: RowLabel(case=row[1]) for row in cases},
    )
