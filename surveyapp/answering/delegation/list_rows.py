"""What a line of the list of returns says about who has a case: a colleague, or whoever passed it on."""

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
    row: dict[str, Any], each: ReturnProgress, passed: Delegation | None, *, closed: bool, now: datetime
) -> dict[str, Any]:
    """A line of the list, with who has the case or had it.

    `passed` is the last time whoever looks has passed it on, under way or over; None where they never did.
    """
    if passed is None:
        to_me = each.audit_request.open_delegation
        if to_me is None:
            return row
        # Whoever passed it on to be checked says themselves that the agency was not involved.
        row = _without_other(row) if to_me.sends_back else row
        return {**row, "hint": _with_hint(f"Passed to you by {to_me.passer}", row)}
    if passed.is_under_way:
        return _delegated_row(row, each, passed, now=now)
    if each.audit_return is not None and each.audit_return.returned_at == passed.finished_at:
        return {**row, "hint": _with_hint(f"Returned by {passed.colleague}", row)}
    if each.has_returned or closed or ended_by_return(passed):
        return row
    return _sent_back(row, each, passed)


def _sent_back(row: dict[str, Any], each: ReturnProgress, passed: Delegation) -> dict[str, Any]:
    """The line of a case that came back to be checked, until whoever passed it on saves it themselves."""
    on = short_day(local_day(passed.finished_at)) if passed.finished_at else ""
    back = f"Sent back by {passed.colleague} {on}"
    if each.saved_at is None:
        return {**row, "hint": f"{back}, with nothing answered"}
    if passed.finished_at is not None and each.saved_at > passed.finished_at:
        return row
    hint = f"{back}: {each.answered} of {each.questions} answered"
    there = _address("check", each)
    return {**row, "status": "Ready to check", "colour": "purple", "hint": hint, "href": there}


def _delegated_row(
    row: dict[str, Any], each: ReturnProgress, passed: Delegation, *, now: datetime
) -> dict[str, Any]:
    """The line of a case that a colleague has: how far they are; its link leads to taking it back."""
    row = {**_without_other(row), "href": _address("show_passed", each)}
    since = f"With {passed.colleague} since {short_day(local_day(passed.passed_at))}"
    if each.saved_at is not None and each.has_started_since(passed.passed_at):
        done = f"{each.answered} of {each.questions} answered, saved {spoken_moment(each.saved_at, now=now)}"
        return {**row, "hint": f"{since}: {done}"}
    if row["status"] == "Started":
        # What was saved before it was passed on is not the colleague's doing.
        row |= {"status": "Not started", "colour": "blue"}
    return {**row, "hint": since}


def _without_other(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "other"}


def _address(view: str, each: ReturnProgress) -> str:
    return url_for(f"survey_contact.answering.{view}", public_id=each.audit_request.public_id)


def _with_hint(words: str, row: dict[str, Any]) -> str:
    return f"{words}. {row['hint']}" if row.get("hint") else words
