"""The notice at the top of a page whose text was not simply stored."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """What happened to the text on the page (`title`) and what to do next (`text`)."""

    title: str
    text: str
