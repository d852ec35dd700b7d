"""The member of staff who acts, as the host names them, and what is wrong with an answer that is none."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words

# What a member of staff may be; a host translates its own roles into these.
STAFF_ROLES = ("business_manager", "audit_lead", "executive", "administrator")
BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE, ADMINISTRATOR = STAFF_ROLES
ROLE_WORDS = {
    "business_manager": "Business manager",
    "audit_lead": "Audit lead",
    "executive": "Executive",
    "administrator": "Administrator",
}
LONGEST_NAME = 200
# Names that events give to contacts, to strangers and to the program: nobody may act under one of them.
_NAMES_OF_OTHERS = re.compile(r"worker|command|stranger|grant \d+")
# Fillers and variation selectors, which are not seen although str.isprintable lets them pass.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_WHAT_TO_RETURN = "a function without arguments that returns an Actor, or None for somebody not signed in"


@dataclass(frozen=True)
class Actor:
    """A member of staff: the name that the event log keeps, such as an id of the host's, and their roles.

    `name` has 1 to 200 characters, all of which can be seen, or are spaces; `roles` are some of STAFF_ROLES,
    or none.
    """

    name: str
    roles: frozenset[str] = frozenset()


def roles_in_words(roles: frozenset[str]) -> str:
    """The roles of one person: “Business manager and administrator”; empty for none."""
    words = [ROLE_WORDS[role] for role in STAFF_ROLES if role in roles]
    return list_in_words([words[0], *(word.lower() for word in words[1:])]) if words else ""


StaffCallable = Callable[[], Actor | None]


def actor_problem(answer: object) -> str:
    """What is wrong with an answer of the host's `staff`, in words for its log; empty for an Actor or None.

    The words name types and roles and never the person, since a log holds no name and no address.
    """
    if answer is None:
        return ""
    if not isinstance(answer, Actor):
        return f"it returned {_of_type(answer)}, not an Actor or None"
    return _name_problem(answer.name) or _roles_problem(answer.roles)


def _name_problem(name: object) -> str:
    if not isinstance(name, str):
        return f"the Actor’s name is {_of_type(name)}, not text"
    if len(name) > LONGEST_NAME:
        return f"the Actor’s name is longer than {LONGEST_NAME} characters"
    key = name_key(name)
    if not key:
        return "the Actor’s name is empty"
    if _NAMES_OF_OTHERS.fullmatch(key):
        return "the Actor’s name is one that events keep for the program or for a contact"
    if not name.isprintable() or _UNSEEN.search(name):
        return "the Actor’s name has a character that cannot be seen, such as a line break"
    return ""


def _roles_problem(roles: object) -> str:
    if not isinstance(roles, frozenset):
        return f"the Actor’s roles are {_of_type(roles)}, not a frozenset"
    unknown = sorted(repr(role)[:60] for role in roles if role not in STAFF_ROLES)
    return f"the Actor has the role {unknown[0]}; roles are {', '.join(STAFF_ROLES)}" if unknown else ""


def _of_type(value: object) -> str:
    return f"something of type {type(value).__name__}"


def checked_staff(staff: object) -> StaffCallable:
    """The host's `staff`, if it can be called as it will be. Raises CannotStart with what to pass."""
    if staff is None:
        raise CannotStart(f"SurveyApp needs staff=...: {_WHAT_TO_RETURN}.")
    if not callable(staff):
        raise CannotStart(f"SurveyApp’s staff is {_of_type(staff)}: pass {_WHAT_TO_RETURN}.")
    try:
        inspect.signature(staff).bind()
    except TypeError:
        raise CannotStart(f"SurveyApp calls staff without arguments: pass {_WHAT_TO_RETURN}.") from None
    except ValueError:
        # Python cannot tell the arguments of some callables that are written in C.
        return staff
    return staff
