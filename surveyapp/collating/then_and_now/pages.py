"""The page Then and now: which figures have changed since returns closed."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.queries import collate
from surveyapp.collating.then_and_now.frozen_figures import (
    ChangedFigure,
    changed_counts,
    changed_figures,
    frozen_figures,
)
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

# Figures are counted right after a close; a longer delay means that the worker caught up later.
USUAL_COUNTING_DELAY = timedelta(minutes=1)


def show_then_and_now(audit_id: int) -> ResponseReturnValue:
    """Show what has changed since returns closed, at the last close or at an earlier one."""
    audit = session.get_one(Audit, audit_id)
    closes = frozen_figures(audit)
    close_id = request.args.get("close", type=int)
    then = next((close for close in closes if close_id in {None, close.id}), None)
    if close_id is not None and then is None:
        raise NotFound
    now = collation_json(collate(audit, now=clock.now()))
    return render_template(
        "survey/collating/then-and-now.html",
        audit=audit,
        kept=closes,
        then=then,
        counted_late=then is not None and then.counted_at - then.closed_at > USUAL_COUNTING_DELAY,
        counts=changed_counts(then.figures, now) if then else [],
        changed=_by_question(changed_figures(then.figures, now, form_of(audit))) if then else {},
    )


def _by_question(changed: list[ChangedFigure]) -> dict[str, list[ChangedFigure]]:
    by_question: dict[str, list[ChangedFigure]] = {}
    for figure in changed:
        by_question.setdefault(figure.question, []).append(figure)
    return by_question
