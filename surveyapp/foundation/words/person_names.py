"""Names of people as emails may hold them: without the marks of which email programs make links."""

from surveyapp.foundation.words.clean_text import name_key

# In a name they are a mistake, or somebody’s try to send others a link in the partnership’s own email.
_MARKS_OF_LINKS = ("://", "www.", "@")


def person_name_problem(name: str) -> str:
    """What is wrong with the name of a person or post that goes into emails; empty for a name without fault.

    A sentence without its full stop, for the person who entered the name. It says nothing of empty names.
    """
    plain = name_key(name)
    mark = next((mark for mark in _MARKS_OF_LINKS if mark in plain), "")
    if not mark:
        return ""
    return f"Leave “{mark}” out of the name: the name goes into emails, which would make a link of it"


def name_in_greeting(name: str) -> str:
    """A stored name in one line as an email greets by it; empty if it holds the mark of a link."""
    return "" if person_name_problem(name) else " ".join(name.split())
