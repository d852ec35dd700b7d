"""What is true of an audit: the facts that its report and brief state and that their texts are checked against."""

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
    """One child of the audit, as far as a brief or its checks need to know; `age_months` None: not known."""

    age_months: int | None = None
    unborn: bool = False
    gender: str = ""
    category: str = ""
    plan: str = ""
    sibling_group: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """An agency that was asked: on how many children it returned answers; a nil return audits nothing."""

    name: str
    kind: str
    returns: int


@dataclass(frozen=True)
class AuditFacts:
    """What an audit says of itself: nobody types it, so it is true whenever the brief is printed.

    `children` are those on whom at least one organisation returned answers; `cases` is how many were chosen.
    Fewer children than `threshold` are asked about before release.
    """

    theme: str
    aim: str
    partnership: str
    month: date | None
    cases: int
    children: tuple[Child, ...]
    organisations: tuple[Organisation, ...]
    threshold: int = SMALL_NUMBER
    # What the children are called among those who answered; it stands in nothing that leaves.
    pseudonyms: tuple[str, ...] = ()

    @property
    def audited(self) -> tuple[Organisation, ...]:
        """The organisations that returned answers."""
        return tuple(each for each in self.organisations if each.returns)

    @property
    def organisations_without_returns(self) -> tuple[Organisation, ...]:
        """Those that were asked and returned none."""
        return tuple(each for each in self.organisations if not each.returns)

    @property
    def returns(self) -> int:
        """How many returns with answers there are."""
        return sum(each.returns for each in self.organisations)


def audit_facts(audit: Audit) -> AuditFacts:
    """What an audit says of itself; the children are those on whom answers came in."""
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
        children=tuple(_child(each) for each, has_answers in cases.items() if has_answers),
        organisations=tuple(
            Organisation(agency.name, agency.kind, count)
            for agency, count in sorted(counts.items(), key=lambda each: (each[0].name, each[0].id))
        ),
        threshold=settings().small_number,
        pseudonyms=tuple(each.pseudonym for each in cases),
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
