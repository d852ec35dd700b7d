"""The list of returns as values: for each audit and agency its counts, and a row for each case."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from flask import url_for

from surveyapp.answering.access.copy_period import copy_has_ended, last_copy_day
from surveyapp.answering.concerns.queries import NOT_TOLD, is_told_by_request
from surveyapp.answering.delegation.list_rows import row_with_holder
from surveyapp.answering.enquiry_queries import last_enquiry_answered
from surveyapp.answering.models import Return
from surveyapp.answering.returns.form_rendering import spoken_moment
from surveyapp.answering.returns.progress_queries import (
    ReturnProgress,
    references_by_request,
    return_progress,
)
from surveyapp.foundation import clock
from surveyapp.foundation.words.dates_and_lists import day_in_words, short_day
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.models import AuditRequest, Delegation

_VIEWS = "survey_contact.answering"


def audits_with_rows(
    requests: Sequence[AuditRequest], delegations: Mapping[int, Delegation], *, now: datetime
) -> list[dict[str, Any]]:
    """What the list of returns shows, by audit and agency, closed audits last.

    `delegations` are the last ones by the viewer, by request id. `now` is UTC.
    """
    # Two agencies may share a computer, and each calls its cases Child A.
    groups: dict[tuple[int, int], list[ReturnProgress]] = {}
    ids = [audit_request.id for audit_request in requests]
    answered, told = last_enquiry_answered(ids), is_told_by_request(ids)
    for progress in return_progress(requests):
        audit_request = progress.audit_request
        groups.setdefault((audit_request.audit_id, audit_request.agency_id), []).append(progress)
    references = references_by_request(requests)
    audits = [
        _audit_with_rows(group, answered, told, delegations, references, now=now) for group in groups.values()
    ]
    return sorted(audits, key=lambda audit: bool(audit["closed"]))


def _audit_with_rows(  # noqa: PLR0913 — what its rows say, each read in one statement
    group: Sequence[ReturnProgress],
    answered: Mapping[int, bool],
    told: Mapping[int, bool],
    delegations: Mapping[int, Delegation],
    references: Mapping[int, str],
    *,
    now: datetime,
) -> dict[str, Any]:
    audit, agency = group[0].audit_request.audit, group[0].audit_request.agency
    closed = audit.is_closed(now)
    returned = sum(progress.has_returned for progress in group)
    delegated = {number for number, delegation in delegations.items() if delegation.is_under_way}
    to_do = [progress.audit_request for progress in group if not progress.has_returned]
    not_delegated = [audit_request for audit_request in to_do if audit_request.id not in delegated]
    return {
        "audit": audit,
        "agency": agency.name,
        "closed": closed,
        "copies_until": last_copy_day(audit),
        "copies_ended": copy_has_ended(audit, now=now),
        "returned": returned,
        "of": len(group),
        "to_do": len(to_do),
        # Only cases that no colleague has. A case delegated to the viewer cannot be delegated again, and
        # cannot be a nil return if it has to be sent back.
        "may_pass": not closed
        and any(audit_request.open_delegation is None for audit_request in not_delegated),
        "may_say_nil": not closed
        and any(
            not (audit_request.open_delegation and audit_request.open_delegation.sends_back)
            for audit_request in not_delegated
        ),
        # Those that the viewer may answer now, to say the same about several at once.
        "open": [] if closed else not_delegated,
        "away": sum(progress.audit_request.id in delegated for progress in group),
        "due": due_counts_in_words(to_do),
        "came_of_it": _feedback_url(group, delegated) if closed else "",
        # What is still to do comes first, since contacts look for it between other tasks.
        "rows": [
            _with_concern(
                row_with_holder(
                    _with_reference(
                        _row(
                            progress,
                            closed=closed,
                            is_answered=answered.get(progress.audit_request.id),
                            now=now,
                        ),
                        references.get(progress.audit_request.id, ""),
                    ),
                    progress,
                    delegations.get(progress.audit_request.id),
                    closed=closed,
                    now=now,
                ),
                is_told=told.get(progress.audit_request.id),
            )
            for progress in sorted(
                group, key=lambda progress: (progress.has_returned, progress.audit_request.id in delegated)
            )
        ],
    }


def _feedback_url(group: Sequence[ReturnProgress], delegated: AbstractSet[int]) -> str:
    """Address of the page that reports the audit's results; empty if every case is with a colleague.

    Every request of the audit opens the same page.
    """
    public_ids = [
        progress.audit_request.public_id for progress in group if progress.audit_request.id not in delegated
    ]
    return (
        url_for("survey_contact.feedback.show_what_came_of_it", public_id=public_ids[0]) if public_ids else ""
    )


def _with_reference(row: dict[str, Any], reference: str) -> dict[str, Any]:
    """A row with the agency's own reference for its file."""
    if not reference:
        return row
    return {**row, "hint": " – ".join(filter(None, (f"Your own reference: {reference}", row.get("hint"))))}


def _with_concern(row: dict[str, Any], *, is_told: bool | None) -> dict[str, Any]:
    """A row that says first if the partnership has not been told of its concern yet."""
    if is_told is not False:
        return row
    return {**row, "hint": ". ".join(filter(None, (NOT_TOLD, row.get("hint"))))}


def _row(
    progress: ReturnProgress, *, closed: bool, is_answered: bool | None, now: datetime
) -> dict[str, Any]:
    """One row of the list: the case, its progress, and the address of its page.

    `is_answered`: whether the last enquiry about it is answered; None if there was none.
    """
    audit_return, public_id = progress.audit_return, progress.audit_request.public_id
    row: dict[str, Any] = {"text": progress.audit_request.case.pseudonym}
    ended = copy_has_ended(progress.audit_request.audit, audit_return, now=now)
    late = audit_return is not None and audit_return.counts_after_close
    if audit_return is not None and audit_return.returned_at is not None:
        how = "Returned as not involved" if audit_return.nil_reason else "Returned"
        day = short_day(clock.local_day(audit_return.returned_at), today=clock.local_day(now))
        row["status"] = f"{how} {day}"
        row["hint"] = _hint_once_returned(progress, audit_return, can_change=not closed or late)
        if ended:
            # The sentence above the list says whom to ask for a copy.
            del row["hint"]
        view = "done"
    elif closed and not late:
        row["status"], row["hint"], view = "Not returned", "Returns have closed", "show_copy"
        if progress.saved_at is not None and not ended:
            row["hint"] = "Returns have closed. What you saved is kept, and does not count."
    elif progress.saved_at is not None:
        saved = spoken_moment(progress.saved_at, now=now)
        row["hint"] = f"{progress.answered} of {progress.questions} answered, saved {saved}"
        row["status"], row["colour"], view = "Started", "yellow", "answer"
    else:
        row["status"], row["colour"], view = "Not started", "blue", "answer"
    if view == "answer":
        row["other"] = ("Not involved", url_for(f"{_VIEWS}.not_involved", public_id=public_id))
    hints = _enquiry_hints(progress, is_answered=is_answered, closed=closed and not late)
    if hints:
        all_hints = [row.get("hint", ""), *hints]
        row["hint"] = ". ".join(words.removesuffix(".") for words in all_hints if words)
    row["href"] = url_for(f"{_VIEWS}.{view}", public_id=public_id)
    # After the copy has ended, a row leads nowhere.
    return {name: value for name, value in row.items() if not (ended and name in {"href", "other"})}


def _hint_once_returned(progress: ReturnProgress, audit_return: Return, *, can_change: bool) -> str:
    """What can be done about a return, and whether changes were saved that do not count."""
    hint = "View or change" if can_change else "View your copy"
    if audit_return.waits_for_correction:
        hint = "You were asked to look at it again"
    if progress.has_unreturned_changes:
        if can_change:
            return f"{hint}. You saved changes that are not returned, so they do not count yet"
        return f"{hint}. You saved changes that were not returned, so they do not count"
    return hint


def _enquiry_hints(progress: ReturnProgress, *, is_answered: bool | None, closed: bool) -> list[str]:
    """Hints from enquiries: the later due day that was given, and whether the last enquiry is answered."""
    audit_request, hints = progress.audit_request, []
    if audit_request.has_more_time and audit_request.due_day and not progress.has_returned and not closed:
        hints.append(f"You have until {day_in_words(audit_request.due_day)}")
    if is_answered is not None:
        hints.append("What you asked has an answer" if is_answered else "What you asked has no answer yet")
    return hints
