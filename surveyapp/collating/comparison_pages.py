"""An audit beside another that asks the same: each question's shares, and how far apart they are."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.collating.comparing import compared, only_in_one
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation import clock
from surveyapp.foundation.db import session
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def show_comparison(audit_id: int) -> ResponseReturnValue:
    """Choose an audit that asks some of the same questions, and see both side by side."""
    audit = session.get_one(Audit, audit_id)
    offered = comparable_audits(audit)
    chosen = request.args.get("with", type=int)
    if chosen is None:
        return render_template("survey/collating/comparison.html", audit=audit, offered=offered, other=None)
    other = next((each for each, _ in offered if each.id == chosen), None)
    if other is None:
        raise NotFound(
            "These two audits share no question.", way_on="Choose the other audit from the list on Compare."
        )
    now = clock.now()
    first, second = collate(audit, now=now), collate(other, now=now)
    return render_template(
        "survey/collating/comparison.html",
        audit=audit,
        offered=offered,
        other=other,
        first=first,
        second=second,
        themes=compared(first, second),
        only_first=only_in_one(first, second),
        only_second=only_in_one(second, first),
    )


def comparable_audits(audit: Audit) -> list[tuple[Audit, int]]:
    """The issued audits that ask some of this one's questions, and how many, the latest first."""
    mine = _ids(form_of(audit))
    issued = select(Audit).where(Audit.issued_at.is_not(None), Audit.id != audit.id)
    latest = session.scalars(issued.order_by(Audit.issued_at.desc(), Audit.id.desc()))
    shared = [(each, len(mine & _ids(each.form))) for each in latest]
    return [(each, count) for each, count in shared if count]


def _ids(definition: AuditForm) -> set[str]:
    return {each.id for each in definition.questions}
