"""Rules for the chasers of an audit, each given in working days from the due date."""

from collections.abc import Iterator, Sequence

from surveyapp.foundation.errors import SurveyError

# A quarter of a year, in working days from the due date.
FURTHEST_CHASER = 65
MOST_CHASERS = 12


class ChasersUnusable(SurveyError):
    """The chasers of an audit cannot be sent as planned."""


def chaser_problems(chasers: Sequence[int], escalate_from: int | None) -> Iterator[tuple[str, str]]:
    """Problems with the planned chasers: the name of the field, and a sentence."""
    far = [offset for offset in chasers if abs(offset) > FURTHEST_CHASER]
    if far:
        yield "chasers", f"{far[0]} is more than {FURTHEST_CHASER} working days from the due date"
    if len(set(chasers)) < len(chasers):
        twice = next(offset for offset in chasers if chasers.count(offset) > 1)
        yield "chasers", f"{twice} is there twice; each chaser leaves once"
    if len(chasers) > MOST_CHASERS:
        yield "chasers", f"That is {len(chasers)} chasers; send at most {MOST_CHASERS}"
    if escalate_from is not None and escalate_from not in chasers:
        yield "escalate_from", f"No chaser leaves at {escalate_from}: escalate from one of the chasers"
