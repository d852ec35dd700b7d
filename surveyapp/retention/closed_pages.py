"""What pages of an audit answer once its returns are purged: its kept figures, or that they were removed."""

from collections.abc import Callable
from contextlib import nullcontext

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.store.db import read_transaction, session
from surveyapp.planning.errors import AnswersRemoved
from surveyapp.planning.models import Audit
from surveyapp.retention.working_without_returns import KEPT_PAGE, works_without_returns

# The main pages, which show the kept figures instead.
_MAIN_PAGES = frozenset(
    f"survey.{page}" for page in ("tracking.show_audit", "planning.show_set_up", "collating.show_collation")
)


def guard_removed_audit(may_open: Callable[[str], bool]) -> ResponseReturnValue | None:
    """Answer for a page of an audit whose returns are purged, unless the page works without them.

    It runs after the guards of staff and roles; `may_open` is theirs. Raises AnswersRemoved.
    """
    audit_id = (request.view_args or {}).get("audit_id")
    if audit_id is None or works_without_returns(request.endpoint or ""):
        return None
    refusal = _refusal(audit_id)
    if refusal is None:
        return None
    if request.method == "GET" and request.endpoint in _MAIN_PAGES and may_open(KEPT_PAGE):
        return redirect(url_for(KEPT_PAGE, audit_id=audit_id))
    raise refusal


def _refusal(audit_id: int) -> AnswersRemoved | None:
    """What a page that needs returns says once they are purged; None while they are here."""
    # A page that is only read goes on in this transaction, so that the audit is read once.
    with nullcontext() if request.method == "GET" else read_transaction():
        # The session forgets what nobody refers to, so that the page would read it again.
        audit = g.survey_audit = session.get(Audit, audit_id)
        return AnswersRemoved(audit) if audit is not None and audit.answers_removed_at is not None else None
