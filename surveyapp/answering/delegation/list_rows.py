"""Adds to a row of the list of returns who has the case: a colleague, or the contact who delegated it."""

from datetime import datetime
from typing import Any

from flask import url_for

from surveyapp.answering.returns.form_rendering import spoken_moment
from surveyapp.answering.returns.progress_queries import ReturnProgress
from surveyapp.answering.returns.queries import ended_by_return
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import short_day
from surveyapp.issuing.models import Delegation


def row_with_holder(
    row: dict[str, Any],
    progress: ReturnProgress,
    delegation: Delegation | None,
    *,
    closed: bool,
    now: datetime,
) -> dict[str, Any]:
    """A row of the list, with who has the case or had it.

    `delegation` is the viewer's last delegation of the case, under way or over; None if there was none.
    `now` is UTC.
    """
    if delegation is None:
        to_viewer = progress.audit_request.open_delegation
        if to_viewer is None:
            return row
        # If the case goes back to be checked, only the contact who delegated it can make a nil return.
        row = _without_other(row) if to_viewer.sends_back else row
        return {**row, "hint": _with_hint(f"Passed to you by {to_viewer.passer}", row)}
    if delegation.is_under_way:
        return _delegated_row(row, progress, delegation, now=now)
    audit_return = progress.audit_return
    if audit_return is not None and audit_return.returned_at == delegation.finished_at:
        return {**row, "hint": _with_hint(f"Returned by {delegation.colleague}", row)}
    if progress.has_returned or closed or ended_by_return(delegation):
        return row
    return _sent_back(row, progress, delegation, now=now)


def _sent_back(
    row: dict[str, Any], progress: ReturnProgress, delegation: Delegation, *, now: datetime
) -> dict[str, Any]:
    """The row of a case that was sent back to be checked, until the contact who delegated it saves it."""
    day = _day(delegation.finished_at, now=now) if delegation.finished_at else ""
    back = f"Sent back by {delegation.colleague} {day}"
    if progress.saved_at is None:
        return {**row, "hint": f"{back}, with nothing answered"}
    if delegation.finished_at is not None and progress.saved_at > delegation.finished_at:
        return row
    hint = f"{back}: {progress.answered} of {progress.questions} answered"
    href = _address("check", progress)
    return {**row, "status": "Ready to check", "colour": "purple", "hint": hint, "href": href}


def _day(moment: datetime, *, now: datetime) -> str:
    return short_day(local_day(moment), today=local_day(now))


def _delegated_row(
    row: dict[str, Any], progress: ReturnProgress, delegation: Delegation, *, now: datetime
) -> dict[str, Any]:
    """The row of a case that a colleague has, with how far they are; its link leads to taking it back."""
    row = {**_without_other(row), "href": _address("show_passed", progress)}
    since = f"With {delegation.colleague} since {_day(delegation.passed_at, now=now)}"
    if progress.saved_at is not None and progress.has_started_since(delegation.passed_at):
        saved = spoken_moment(progress.saved_at, now=now)
        return {
            **row,
            "hint": f"{since}: {progress.answered} of {progress.questions} answered, saved {saved}",
        }
    if row["status"] == "Started":
        # The answers were saved before it was delegated, so the colleague has not started.
        row |= {"status": "Not started", "colour": "blue"}
    return {**row, "hint": since}


def _without_other(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "other"}


def _address(view: str, progress: ReturnProgress) -> str:
    return url_for(f"survey_contact.answering.{view}", public_id=progress.audit_request.public_id)


def _with_hint(words: str, row: dict[str, Any]) -> str:
    return f"{words}. {row['hint']}" if row.get("hint") else words
