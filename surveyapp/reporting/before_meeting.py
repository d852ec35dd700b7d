"""One page for the executive before its meeting: how many returned, what was found, what is overdue (EX1)."""

from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.collating.figures import QuestionFigures
from surveyapp.collating.queries import collate
from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.concluding.queries import actions_of, findings_of, recommendations_of
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.db import session
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import Line, picture
from surveyapp.tracking.standing import Tally


@dataclass(frozen=True)
class BeforeMeeting:
    """What the executive reads; nothing in it is about one case.

    `figures` are those on which the findings rest, by question, in the order of the findings.
    """

    audit: Audit
    tally: Tally
    agencies: tuple[Line, ...]
    figures: tuple[QuestionFigures, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    actions: tuple[Action, ...]
    overdue: tuple[Action, ...]
    today: date

    @property
    def agency_rows(self) -> list[tuple[str, str]]:
        """Each agency, and how many of its requests have come back, in words."""
        return [(each.name, each.tally.in_words) for each in self.agencies]


def before_meeting(audit_id: int, *, now: datetime) -> BeforeMeeting:
    """All of it, as it stands at `now`. Raises NoResultFound where there is no such audit."""
    audit = session.get_one(Audit, audit_id)
    standing, findings, actions = picture(audit, now=now), findings_of(audit_id), actions_of(audit_id)
    known = {each.id: each for each in collate(audit, now=now).questions}
    linked = dict.fromkeys(each.question for finding in findings for each in finding.questions)
    today = local_day(now)
    return BeforeMeeting(
        audit=audit,
        tally=standing.tally,
        agencies=standing.agencies,
        figures=tuple(known[each] for each in linked if each in known),
        findings=tuple(findings),
        recommendations=tuple(recommendations_of(audit_id)),
        actions=tuple(actions),
        today=today,
        overdue=tuple(each for each in actions if each.is_overdue(today)),
    )
