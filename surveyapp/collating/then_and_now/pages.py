"""The figures as they stood when returns closed, beside those of today: only what differs."""

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

# A close counts its figures as it is committed; what took longer the worker caught up on.
USUAL_COUNTING_DELAY = timedelta(minutes=1)


def show_then_and_now(audit_id: int) -> ResponseReturnValue:
    """Show what has changed since returns closed, at the last close or at an earlier one."""
    audit = session.get_one(Audit, audit_id)
    kept = frozen_figures(audit)
    wanted = request.args.get("close", type=int)
    then = next((each for each in kept if wanted in {None, each.id}), None)
    if wanted is not None and then is None:
        raise NotFound
    now = collation_json(collate(audit, now=clock.now()))
    return render_template(
        "survey/collating/then-and-now.html",
        audit=audit,
        kept=kept,
        then=then,
        counted_late=then is not None and then.counted_at - then.closed_at > USUAL_COUNTING_DELAY,
        counts=changed_counts(then.figures, now) if then else [],
        changed=_by_question(changed_figures(then.figures, now, form_of(audit))) if then else {},
    )


def _by_question(changed: list[ChangedFigure]) -> dict[str, list[ChangedFigure]]:
    found: dict[str, list[ChangedFigure]] = {}
    for each in changed:
        found.setdefault(each.question, []).append(each)
    return found
