"""Makes nil returns for several requests of one link in one press, with one receipt for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from surveyapp.answering.access.locks import lock_rows_of_requests
from surveyapp.answering.returns.operations import SaveOutcome, return_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.several.emails import RECEIPT_SEVERAL
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.issuing.models import AuditRequest

# Of the characters of a page's id; a hyphen and the request's number follow in the id of a revision.
LONGEST_PRESS = 28


@dataclass(frozen=True)
class NilReturn:
    """What one press says about one of several requests: the reason, and the version that the page saw."""

    audit_request: AuditRequest
    reason: str
    seen_version: int


def return_nil_for_several(
    nil_returns: Sequence[NilReturn], press_id: str, *, whereabouts: str = "", now: datetime
) -> list[tuple[AuditRequest, SaveOutcome]]:
    """Make nil returns for requests of one link; each counts or clashes by itself, and its outcome says so.

    The contact gets one receipt for all that count, and so does each contact who had passed some of them on.
    `press_id` is the page's own, so that pressing twice counts once. `whereabouts` is stored for those that
    have moved, or for all if none has. `now` is UTC. Raises as `return_nil` does, storing none.
    """
    lock_rows_of_requests([each.audit_request for each in nil_returns])
    presser = nil_returns[0].audit_request.grant
    receivers, outcomes = {presser.id: presser.contact.email}, []
    any_moved = any(each.reason == "moved" for each in nil_returns)
    for each in nil_returns:
        audit_request = each.audit_request
        where = whereabouts if each.reason == "moved" or not any_moved else ""
        press = ButtonPress(f"{press_id[:LONGEST_PRESS]}-{audit_request.id}", each.seen_version)
        outcome = return_nil(
            audit_request, each.reason, press, whereabouts=where, sends_receipt=False, now=now
        )
        outcomes.append((audit_request, outcome))
        if outcome.kind == "nil":
            # A case that was passed to this contact is with whoever passed it again.
            receivers[audit_request.grant_id] = audit_request.grant.contact.email
    counted = [outcome for _audit_request, outcome in outcomes if outcome.kind == "nil"]
    for grant_id, address in receivers.items() if counted else ():
        key = f"{RECEIPT_SEVERAL.name}:{press_id}:{grant_id}"
        subject_id, source = counted[0].revision.id, f"grant {presser.id}"
        queue_email(RECEIPT_SEVERAL.name, subject_id, to=address, key=key, now=now, source=source)
    return outcomes
