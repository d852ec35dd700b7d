"""What came of an audit, for those who answered: the brief, their figures beside all, their actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from surveyapp.brief.brief import Brief
from surveyapp.brief.queries import released_brief
from surveyapp.collating.cases.agency_counts import other_agencies
from surveyapp.collating.figures import Collation, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import SEVERAL, collate
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import actions_of
from surveyapp.disclosure.differencing import Cell, hidden_of_one_answer, hidden_of_several, may_stand_beside
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.models import AuditRequest
from surveyapp.report.release import latest_release

NOT_SHOWN = "Not shown"


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
    somebody's own. Fewer than `threshold` are few.
    """

    brief: Brief | None
    has_report: bool = False
    own_returns: int = 0
    beside: tuple[Beside, ...] = ()
    hidden: bool = False
    threshold: int = 0
    actions: tuple[Action, ...] = ()

    @property
    def some_not_shown(self) -> bool:
        """Whether a figure is left out, so that the page says why."""
        return any(NOT_SHOWN in (each.own, each.whole) for each in self.beside)


def came_of_it(audit_request: AuditRequest, *, now: datetime) -> CameOfIt:
    """What came of the audit that a request belongs to, for the agency that was asked (stories AL14)."""
    try:
        brief = released_brief(audit_request.audit_id)
    except NotFound:
        return CameOfIt(None)
    audit, agency_id = audit_request.audit, audit_request.agency_id
    own = collate(audit, filters=Filters(agencies=(agency_id,)), now=now)
    whole = collate(audit, now=now)
    rows = tuple(beside(own, whole, other_agencies(audit, agency_id)))
    nothing_beside = bool(rows) and all(each.whole == NOT_SHOWN for each in rows)
    hidden = own.returns < whole.threshold or nothing_beside
    return CameOfIt(
        brief=brief,
        has_report=latest_release(audit_request.audit_id) is not None,
        own_returns=own.returns,
        beside=() if hidden else rows,
        hidden=hidden,
        threshold=whole.threshold,
        actions=tuple(each for each in actions_of(audit_request.audit_id) if each.agency_id == agency_id),
    )


def beside(own: Collation, whole: Collation, agencies: Mapping[str, int]) -> Iterator[Beside]:
    """Every answer to every question that this agency answered, under the rule of remainders."""
    hidden: dict[str, frozenset[tuple[str, str]]] = {}
    # In the form’s order: what follows from an answer comes after it.
    for mine in sorted(own.questions, key=lambda each: each.question.number):
        gate = mine.question.show_if
        theirs, follows = whole.question(mine.id), gate is not None and hidden.get(gate.question)
        total = Cell(mine.answered, theirs.answered)
        everything = frozenset((part.id, row.value) for part in theirs.parts for row in part.rows)
        # How many answered what follows gives back how many gave the answer that it follows from.
        if follows or not may_stand_beside(total, agencies.get(mine.id, 0), whole.threshold):
            hidden[mine.id] = everything
        else:
            hidden[mine.id] = frozenset(_hidden(mine, theirs, total, whole.threshold))
    for mine in own.questions:
        if not mine.answered:
            continue
        few = mine.answered < whole.threshold
        for part, all_of in zip(mine.parts, whole.question(mine.id).parts, strict=True):
            # A checklist’s lines say yes first: the “no” is the rest.
            for row, of_all in list(zip(part.rows, all_of.rows, strict=True))[: 1 if mine.lines else None]:
                yield Beside(
                    mine.label,
                    part.label if mine.lines else row.label,
                    NOT_SHOWN if few else row.quoted,
                    NOT_SHOWN if few or (part.id, row.value) in hidden[mine.id] else of_all.quoted,
                )


def _hidden(
    mine: QuestionFigures, theirs: QuestionFigures, total: Cell, threshold: int
) -> Iterator[tuple[str, str]]:
    """The part and answer of each figure of all that stays hidden in one question."""
    for part, all_of in zip(mine.parts, theirs.parts, strict=True):
        cells = [Cell(row.count, of.count) for row, of in zip(part.rows, all_of.rows, strict=True)]
        if mine.question.kind in SEVERAL:
            places = hidden_of_several(cells, total, threshold)
        else:
            places = hidden_of_one_answer(cells, threshold)
        yield from ((part.id, part.rows[place].value) for place in places)
