"""The facts of an audit that its report and brief state, and against which their texts are checked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import settings
from surveyapp.foundation.settings_list import SMALL_NUMBER
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class Child:
    """One child of the audit, as far as a brief or its checks need it; `age_months` is None if unknown."""

    age_months: int | None = None
    unborn: bool = False
    gender: str = ""
    category: str = ""
    plan: str = ""
    sibling_group: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """An agency that was asked, with the number of its returns; nil returns do not count."""

    name: str
    kind: str
    returns: int


@dataclass(frozen=True)
class AuditFacts:
    """Facts worked out from an audit's own records; nobody types them.

    `children` are those with at least one return with answers; `cases` is the size of the sample. Counts of
    fewer than `threshold` children are flagged before release.
    """

    theme: str
    aim: str
    partnership: str
    month: date | None
    cases: int
    children: tuple[Child, ...]
    organisations: tuple[Organisation, ...]
    threshold: int = SMALL_NUMBER
    # The children’s pseudonyms, known to those who answered; no brief or public report may contain one.
    pseudonyms: tuple[str, ...] = ()

    @property
    def audited(self) -> tuple[Organisation, ...]:
        """The organisations that returned answers."""
        return tuple(organisation for organisation in self.organisations if organisation.returns)

    @property
    def organisations_without_returns(self) -> tuple[Organisation, ...]:
        """The organisations that were asked and returned no answers."""
        return tuple(organisation for organisation in self.organisations if not organisation.returns)

    @property
    def returns(self) -> int:
        """The number of returns with answers."""
        return sum(organisation.returns for organisation in self.organisations)


def audit_facts(audit: Audit) -> AuditFacts:
    """Work out the facts of an audit from its cases, requests and returns."""
    is_asked = (AuditRequest.case_id == Case.id) & AuditRequest.withdrawn_at.is_(None)
    rows = session.execute(
        select(Case, Agency, Return.returned_at, Return.nil_reason)
        .outerjoin(AuditRequest, is_asked)
        .outerjoin(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(Case.audit_id == audit.id)
        .order_by(Case.position, Case.id, Agency.name, Agency.id)
    ).all()
    cases: dict[Case, bool] = {}
    counts: dict[Agency, int] = {}
    for case, agency, returned_at, nil_reason in rows:
        has_answers = returned_at is not None and not nil_reason
        cases[case] = cases.get(case, False) or has_answers
        if agency is not None:
            counts[agency] = counts.get(agency, 0) + has_answers
    ended = audit.answers_end_at
    return AuditFacts(
        theme=audit.theme or audit.title,
        aim=audit.aim,
        partnership=settings().partnership,
        month=local_day(ended) if ended else audit.close_on or audit.due_on,
        cases=len(cases),
        children=tuple(_child(case) for case, has_answers in cases.items() if has_answers),
        organisations=tuple(
            Organisation(agency.name, agency.kind, count)
            for agency, count in sorted(counts.items(), key=lambda row: (row[0].name, row[0].id))
        ),
        threshold=settings().small_number,
        pseudonyms=tuple(case.pseudonym for case in cases),
    )


def _child(case: Case) -> Child:
    return Child(
        age_months=case.age_months,
        unborn=case.unborn,
        gender=case.gender,
        category=case.category,
        plan=case.plan,
        sibling_group=case.sibling_group,
        needs=tuple(case.needs or ()),
    )
