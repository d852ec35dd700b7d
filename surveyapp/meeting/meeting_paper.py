"""The paper for the executive before its meeting: returns, findings, overdue actions (stories EX1)."""

from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.collating.queries import collate
from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.concluding.queries import actions_of, findings_of, recommendations_of
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.meeting.key_figures import KeyFigures, key_figures
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import TallyLine, audit_status
from surveyapp.tracking.tally import Tally


@dataclass(frozen=True)
class MeetingPaper:
    """What the executive reads before its meeting; nothing in it is about a single case."""

    audit: Audit
    tally: Tally
    agencies: tuple[TallyLine, ...]
    key_figures: KeyFigures
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    actions: tuple[Action, ...]
    overdue: tuple[Action, ...]
    today: date


def meeting_paper(audit_id: int, *, now: datetime) -> MeetingPaper:
    """What the executive reads before its meeting, as things stand at `now` (UTC).

    Raises NoResultFound for an unknown audit.
    """
    audit = session.get_one(Audit, audit_id)
    status, findings, actions = audit_status(audit, now=now), findings_of(audit_id), actions_of(audit_id)
    today = local_day(now)
    return MeetingPaper(
        audit=audit,
        tally=status.tally,
        agencies=status.agencies,
        key_figures=key_figures(collate(audit, now=now), findings, form_of(audit)),
        findings=tuple(findings),
        recommendations=tuple(recommendations_of(audit_id)),
        actions=tuple(actions),
        today=today,
        overdue=tuple(action for action in actions if action.is_overdue(today)),
    )
