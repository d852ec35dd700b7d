"""The sentence on how many families were offered a talk, and what became of the offers."""

from collections.abc import Iterable

from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted


def families_in_words(states: Iterable[str]) -> str:
    """How many families were offered a talk, and how many of the talks were held (R2014 3.5.1).

    `states` holds the state of each family, such as `family.state for family in families_of(audit_id)`.
    """
    states = list(states)
    if not states:
        return "No family was offered a talk."
    words = {"done": "held", "declined": "declined", "agreed": "agreed and not yet held", "offered": "open"}
    parts = [f"{states.count(state)} {outcome}" for state, outcome in words.items() if state in states]
    families = counted(len(states), "family was", "families were")
    return f"{families} offered a talk by telephone: {list_in_words(parts)}."
