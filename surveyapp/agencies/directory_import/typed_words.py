"""Kinds of agency and roles of contacts as offices write them."""

import re

from surveyapp.agencies.models import CONTACT_ROLES
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.tables.columns import head_key

_KIND_WORDS = {
    "social_care": ("social care", "childrens social care", "csc", "childrens services", "local authority"),
    "health": ("nhs", "hospital", "community health", "camhs"),
    "gp": ("gp", "gps", "general practice", "primary care", "gp surgery", "surgery"),
    "police": ("police force",),
    "school": ("school", "schools", "education", "academy", "college"),
    "early_help": ("early help service",),
    "nursery": ("early years", "pre school", "preschool"),
    "voluntary": ("voluntary", "charity", "vcs", "third sector", "voluntary and community"),
    "youth": ("youth justice service", "youth offending", "yot", "yjs"),
    "other": (),
}
_ROLE_WORDS = {
    "lead": ("lead", "audit lead", "main", "main contact", "first contact"),
    "deputy": ("second", "second contact", "backup", "stand in"),
    "escalation": ("escalation", "escalate to"),
}
# What the name of an agency says of its kind. The first that matches counts: a nursery school is a nursery.
_IN_NAMES = (
    ("nursery", r"nursery|pre-?school|playgroup|child ?minders?"),
    ("school", r"schools?|academy|college|primary|secondary|infants?|juniors?"),
    ("gp", r"surgery|gps?|medical (?:centre|practice|group)|health centre|general practice"),
    ("police", r"police|constabulary"),
    ("social_care", r"social (?:care|work|services)|children['’]?s services"),
    ("early_help", r"early help|family hubs?"),
    ("youth", r"youth (?:justice|offending)|yot|yjs"),
    ("health", r"hospitals?|nhs|health|camhs|midwifery|health visit(?:ing|ors?)"),
    ("voluntary", r"charity|voluntary|women['’]?s aid|nspcc|barnardo['’]?s"),
)


def _plain(text: str) -> str:
    return head_key(text.replace("'", "").replace("’", ""))


def _choices(labels: dict[str, str], words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each choice by its id, its label and the other words for it."""
    return {
        _plain(text): choice for choice, label in labels.items() for text in (choice, label, *words[choice])
    }


_KINDS, _ROLES = _choices(AGENCY_KINDS, _KIND_WORDS), _choices(CONTACT_ROLES, _ROLE_WORDS)


def read_kind(text: str) -> str | None:
    """The id of a kind of agency, by its id, its label or another usual word; None for any other text."""
    return _KINDS.get(_plain(text))


def read_role(text: str) -> str | None:
    """The id of a role, by its id, its label or another usual word; None for any other text."""
    return _ROLES.get(_plain(text))


def kind_in_name(name: str) -> str:
    """The kind of agency that a name suggests, to be confirmed; empty if it suggests none."""
    matched = (kind for kind, pattern in _IN_NAMES if re.search(rf"\b(?:{pattern})\b", name, re.IGNORECASE))
    return next(matched, "")
