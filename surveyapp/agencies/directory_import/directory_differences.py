"""Differences between a file and the directory; staff choose between the two versions of each."""

from collections.abc import Mapping
from dataclasses import dataclass

# The two choices for each difference, and a third for somebody whom the file names as lead beside another.
AS_IN_FILE, AS_IN_DIRECTORY, AS_DEPUTY = "file", "directory", "deputy"


@dataclass(frozen=True)
class Difference:
    """Something about an agency that a file says otherwise than the directory.

    `about` names it, `in_file` and `in_directory` are what either choice leads to. An absence is a contact of
    the directory who is not in the file: the file says nothing of them, so they stay unless staff choose that
    they have left.
    """

    key: str
    agency: str
    about: str
    in_file: str
    in_directory: str
    default: str = AS_IN_FILE
    is_absence: bool = False
    # The same name, only typed otherwise: nothing hangs on it.
    is_spelling: bool = False
    # Somebody whom the file adds to an agency of the directory, without taking anybody's place.
    is_addition: bool = False
    # What the third choice leads to; empty where there are two.
    as_deputy: str = ""

    @property
    def of(self) -> str:
        """The agency, as a page names what a difference is about."""
        return self.agency

    @property
    def versions(self) -> tuple[tuple[str, str, str], ...]:
        """Each choice with its label and what it leads to."""
        third = ((AS_DEPUTY, "Keep, and add as deputy", self.as_deputy),) if self.as_deputy else ()
        return (
            (AS_IN_FILE, "As in the file", self.in_file),
            (AS_IN_DIRECTORY, "As in the directory", self.in_directory),
            *third,
        )

    def choice(self, choices: Mapping[str, str]) -> str:
        """What is chosen for this difference; the default if nothing is."""
        choice = choices.get(self.key, self.default)
        return choice if choice in {choice for choice, _label, _words in self.versions} else self.default

    def __str__(self) -> str:
        """The difference in one line, as the command prints it."""
        if self.is_absence:
            return f"{self.agency}: {self.about}"
        versions = f"in the file “{self.in_file}”, in the directory “{self.in_directory}”"
        return f"{self.agency}: {self.about}: {versions}"
