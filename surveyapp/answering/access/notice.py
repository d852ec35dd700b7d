"""A notice at the top of a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Something that happened to what was typed: what, and what to do."""

    title: str
    text: str
