"""The two buttons about issuing an audit on its day, on the page before issuing."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.mail.chosen_transport import ExampleTextLeft
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.issuing.operations import NotReady
from surveyapp.issuing.planned_issue import operations
from surveyapp.planning.models import Audit


def plan_issue(audit_id: int) -> ResponseReturnValue:
    """Plan that the worker issues the audit on its day."""
    audit = session.get_one(Audit, audit_id)
    try:
        with transaction():
            begins_at = operations.plan_issue(audit, **actor_and_now())
    except (NotReady, ExampleTextLeft):
        # The page lists what must be put right first.
        return _before_issue(audit_id)
    flash(f"This audit is issued by itself on {moment_in_words(begins_at)}.", "success")
    return _before_issue(audit_id)


def drop_planned_issue(audit_id: int) -> ResponseReturnValue:
    """Take the plan back."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        dropped = operations.drop_planned_issue(audit, **actor_and_now())
    flash(
        "The audit is not issued by itself any more." if dropped else "No issue was planned.",
        "success",
    )
    return _before_issue(audit_id)


def _before_issue(audit_id: int) -> ResponseReturnValue:
    return redirect(url_for("survey.issuing.before_issue", audit_id=audit_id), 303)
