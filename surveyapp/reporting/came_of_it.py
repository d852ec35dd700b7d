"""What came of an audit, for those who answered: the brief, their figures beside all, their actions."""

from dataclasses import dataclass
from datetime import datetime

from surveyapp.collating.figures import Collation, Part, Row
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import actions_of
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.models import AuditRequest
from surveyapp.reporting.brief import Brief
from surveyapp.reporting.brief_queries import released_brief
from surveyapp.reporting.releasing import latest_release


@dataclass(frozen=True)
class Beside:
    """One answer to one question: how often an agency gave it, beside all agencies; in words."""

    question: str
    answer: str
    own: str
    whole: str


@dataclass(frozen=True)
class CameOfIt:
    """What one agency is shown; `brief` is None until it is released, and then so is everything else empty.

    `beside` is empty, and `hidden` True, where so few returns stand on either side that they could be
    somebody's own.
    """

    brief: Brief | None
    has_report: bool = False
    own_returns: int = 0
    beside: tuple[Beside, ...] = ()
    hidden: bool = False
    actions: tuple[Action, ...] = ()


def came_of_it(audit_request: AuditRequest, *, now: datetime) -> CameOfIt:
    """What came of the audit that a request belongs to, for the agency that was asked (STORIES AL14)."""
    try:
        brief = released_brief(audit_request.audit_id)
    except NotFound:
        return CameOfIt(None)
    audit = audit_request.audit
    own = collate(audit, filters=Filters(agencies=(audit_request.agency_id,)), now=now)
    whole = collate(audit, now=now)
    # With the others alone so few, subtracting one's own would show theirs.
    hidden = own.returns < whole.threshold or 0 < whole.returns - own.returns < whole.threshold
    return CameOfIt(
        brief=brief,
        has_report=latest_release(audit_request.audit_id) is not None,
        own_returns=own.returns,
        beside=() if hidden else tuple(_beside(own, whole)),
        hidden=hidden,
        actions=tuple(
            each for each in actions_of(audit_request.audit_id) if each.agency_id == audit_request.agency_id
        ),
    )


def _beside(own: Collation, whole: Collation) -> list[Beside]:
    all_of = {each.id: each for each in whole.questions}
    found = []
    for mine in own.questions:
        other = all_of[mine.id]
        if not mine.answered:
            continue
        if mine.lines:
            theirs = {line.id: line for line in other.lines}
            found += [
                Beside(mine.label, line.label, _ticked(line).quoted, _ticked(theirs[line.id]).quoted)
                for line in mine.lines
            ]
            continue
        rows = {row.value: row for row in other.rows}
        found += [Beside(mine.label, row.label, row.quoted, rows[row.value].quoted) for row in mine.rows]
    return found


def _ticked(line: Part) -> Row:
    """The row of a line that says yes: a checklist's lines have it first."""
    return line.rows[0]
