"""Rows of the list of returns."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from flask import url_for

from surveyapp.answering.delegation.list_rows import row_with_holder
from surveyapp.answering.returns.form_rendering import spoken_moment
from surveyapp.answering.returns.progress_queries import (
    ReturnProgress,
)
from surveyapp.foundation import clock
from surveyapp.foundation.words.dates_and_lists import day_in_words, short_day
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.models import Delegation

_VIEWS = "survey_contact.answering"


def audit_rows(
    mine: Sequence[ReturnProgress],
    asked: Mapping[int, bool],
    passes: dict[int, Delegation],
    references: Mapping[int, str],
    now: datetime,
) -> dict[str, object]:
    audit, agency = mine[0].audit_request.audit, mine[0].audit_request.agency
    closed = audit.is_closed(now)
    returned = sum(each.has_returned for each in mine)
    away = {number for number, passed in passes.items() if passed.is_under_way}
    to_do = [each.audit_request for each in mine if not each.has_returned]
    here = [each for each in to_do if each.id not in away]
    return {
        "audit": audit,
        "agency": agency.name,
        "closed": closed,
        "returned": returned,
        "of": len(mine),
        "to_do": len(to_do),
        # Of cases that are here: a colleague passes none on, and may have one to send back.
        "may_pass": not closed and any(each.open_delegation is None for each in here),
        "may_say_nil": not closed
        and any(not (each.open_delegation and each.open_delegation.sends_back) for each in here),
        "away": sum(each.audit_request.id in away for each in mine),
        "due": due_counts_in_words(to_do),
        "came_of_it": _feedback_url(mine, away) if closed else "",
        # What is still to do stands first: it is looked for between two other tasks.
        "rows": [
            row_with_holder(
                _with_reference(
                    _row(each, closed=closed, is_answered=asked.get(each.audit_request.id), now=now),
                    references.get(each.audit_request.id, ""),
                ),
                each,
                passes.get(each.audit_request.id),
                closed=closed,
                now=now,
            )
            for each in sorted(mine, key=lambda each: (each.has_returned, each.audit_request.id in away))
        ],
    }


def _feedback_url(mine: Sequence[ReturnProgress], away: AbstractSet[int]) -> str:
    """The page of a later step that says what came of the audit; nothing where all is with colleagues.

    Each request of the audit opens the same.
    """
    here = [each.audit_request.public_id for each in mine if each.audit_request.id not in away]
    return url_for("survey_contact.feedback.show_what_came_of_it", public_id=here[0]) if here else ""


def _with_reference(row: dict[str, Any], reference: str) -> dict[str, Any]:
    """A line of the list with what the agency itself calls its file."""
    if not reference:
        return row
    return {**row, "hint": " – ".join(filter(None, (f"Your own reference: {reference}", row.get("hint"))))}


def _row(each: ReturnProgress, *, closed: bool, is_answered: bool | None, now: datetime) -> dict[str, Any]:
    """One line of the list: the case, how far it is, and where its link leads.

    `is_answered` says whether the last that was asked about it has an answer; None where nothing was asked.
    """
    audit_return, public_id = each.audit_return, each.audit_request.public_id
    row: dict[str, Any] = {"text": each.audit_request.case.pseudonym}
    late = audit_return is not None and audit_return.late_allowed_at is not None
    if audit_return is not None and audit_return.returned_at is not None:
        how = "Returned as not involved" if audit_return.nil_reason else "Returned"
        row["status"] = f"{how} {short_day(clock.local_day(audit_return.returned_at))}"
        row["hint"] = "View your copy" if closed and not late else "View or change"
        if each.has_unreturned_changes:
            row["hint"] += ". You saved changes that are not returned, so they do not count yet"
            if closed and not late:
                row["hint"] = "View your copy. You saved changes that were not returned, so they do not count"
        view = "done"
    elif closed and not late:
        row["status"], row["hint"], view = "Not returned", "Returns have closed", "show_copy"
        if each.saved_at is not None:
            row["hint"] = "Returns have closed. What you saved is kept, and does not count."
    elif each.saved_at is not None:
        saved = spoken_moment(each.saved_at, now=now)
        row["hint"] = f"{each.answered} of {each.questions} answered, saved {saved}"
        row["status"], row["colour"], view = "Started", "yellow", "answer"
    else:
        row["status"], row["colour"], view = "Not started", "blue", "answer"
        row["other"] = ("Not involved", url_for(f"{_VIEWS}.not_involved", public_id=public_id))
    told = _enquiry_hints(each, is_answered=is_answered, closed=closed and not late)
    if told:
        said = [row.get("hint", ""), *told]
        row["hint"] = ". ".join(words.removesuffix(".") for words in said if words)
    row["href"] = url_for(f"{_VIEWS}.{view}", public_id=public_id)
    return row


def _enquiry_hints(each: ReturnProgress, *, is_answered: bool | None, closed: bool) -> list[str]:
    """What stands beside a row because somebody asked: the day they were given, whether it is answered."""
    audit_request, told = each.audit_request, []
    if audit_request.has_more_time and audit_request.due_day and not each.has_returned and not closed:
        told.append(f"You have until {day_in_words(audit_request.due_day)}")
    if is_answered is not None:
        told.append("What you asked has an answer" if is_answered else "What you asked has no answer yet")
    return told
