"""What an agency is shown after the release: the brief, its figures beside those of all, and its actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from surveyapp.brief.brief import Brief
from surveyapp.brief.queries import released_brief
from surveyapp.collating.cases.agency_counts import other_agency_counts
from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, Collation, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import actions_of
from surveyapp.disclosure.differencing import (
    ComparedCount,
    may_compare,
    suppressed_multiple_choice,
    suppressed_single_choice,
)
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.models import AuditRequest
from surveyapp.report.release.release import latest_release

NOT_SHOWN = "Not shown"


@dataclass(frozen=True)
class AnswerBesideAll:
    """One answer to one question: how often this agency gave it, and all agencies, in words."""

    question: str
    answer: str
    own: str
    whole: str


@dataclass(frozen=True)
class AgencyFeedback:
    """What one agency is shown; `brief` is None before its release, and everything else is then empty.

    `compared` is empty and `hidden` True where a comparison could reveal the answers of fewer than
    `threshold` returns.
    """

    brief: Brief | None
    has_report: bool = False
    own_returns: int = 0
    compared: tuple[AnswerBesideAll, ...] = ()
    hidden: bool = False
    threshold: int = 0
    actions: tuple[Action, ...] = ()

    @property
    def has_hidden_figures(self) -> bool:
        """Whether any figure is suppressed, which the page then explains."""
        return any(NOT_SHOWN in (answer.own, answer.whole) for answer in self.compared)


def agency_feedback(audit_request: AuditRequest, *, now: datetime) -> AgencyFeedback:
    """What came of the audit of a request, for the agency that was asked (stories AL14)."""
    try:
        brief = released_brief(audit_request.audit_id)
    except NotFound:
        return AgencyFeedback(None)
    audit, agency_id = audit_request.audit, audit_request.agency_id
    own = collate(audit, filters=Filters(agencies=(agency_id,)), now=now)
    whole = collate(audit, now=now)
    rows = tuple(compared_answers(own, whole, other_agency_counts(audit, agency_id)))
    all_suppressed = bool(rows) and all(row.whole == NOT_SHOWN for row in rows)
    hidden = own.returns < whole.threshold or all_suppressed
    return AgencyFeedback(
        brief=brief,
        has_report=latest_release(audit_request.audit_id) is not None,
        own_returns=own.returns,
        compared=() if hidden else rows,
        hidden=hidden,
        threshold=whole.threshold,
        actions=tuple(
            action for action in actions_of(audit_request.audit_id) if action.agency_id == agency_id
        ),
    )


def compared_answers(
    own: Collation, whole: Collation, agencies: Mapping[str, int]
) -> Iterator[AnswerBesideAll]:
    """Compare the answers to each question that this agency answered, and suppress figures that reveal few.

    `agencies` is the number of other agencies that answered each question, by its id.
    """
    hidden: dict[str, frozenset[tuple[str, str]]] = {}
    # In the form’s order, so that a question comes after the one it depends on.
    for mine in sorted(own.questions, key=lambda figures: figures.question.number):
        gate = mine.question.show_if
        theirs, follows = whole.question(mine.id), gate is not None and hidden.get(gate.question)
        total = ComparedCount(mine.answered, theirs.answered)
        everything = frozenset((part.id, row.value) for part in theirs.parts for row in part.rows)
        # The number of answers to a follow-up question is the number who gave the answer before it.
        if follows or not may_compare(total, agencies.get(mine.id, 0), whole.threshold):
            hidden[mine.id] = everything
        else:
            hidden[mine.id] = frozenset(_hidden_answers(mine, theirs, total, whole.threshold))
    for mine in own.questions:
        if not mine.answered:
            continue
        few = mine.answered < whole.threshold
        for part, all_of in zip(mine.parts, whole.question(mine.id).parts, strict=True):
            # The first row of a checklist’s line is “yes”; “no” is the rest.
            for row, of_all in list(zip(part.rows, all_of.rows, strict=True))[: 1 if mine.lines else None]:
                yield AnswerBesideAll(
                    mine.label,
                    part.label if mine.lines else row.label,
                    NOT_SHOWN if few else row.quoted,
                    NOT_SHOWN if few or (part.id, row.value) in hidden[mine.id] else of_all.quoted,
                )


def _hidden_answers(
    mine: QuestionFigures, theirs: QuestionFigures, total: ComparedCount, threshold: int
) -> Iterator[tuple[str, str]]:
    """The part and answer of each figure of all agencies to be suppressed in one question."""
    for part, all_of in zip(mine.parts, theirs.parts, strict=True):
        cells = [
            ComparedCount(row.count, total_row.count)
            for row, total_row in zip(part.rows, all_of.rows, strict=True)
        ]
        if mine.question.kind in MULTIPLE_ANSWER_KINDS:
            places = suppressed_multiple_choice(cells, total, threshold)
        else:
            places = suppressed_single_choice(cells, threshold)
        yield from ((part.id, part.rows[place].value) for place in places)
