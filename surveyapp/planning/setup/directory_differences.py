"""Differences between a set-up file and the directory; staff choose between the two versions of each."""

from collections.abc import Mapping
from dataclasses import dataclass

# The two choices for each difference.
AS_IN_FILE, AS_IN_DIRECTORY = "file", "directory"


@dataclass(frozen=True)
class Difference:
    """Something about an agency that a set-up file says otherwise than the directory.

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

    def choice(self, choices: Mapping[str, str]) -> str:
        """What is chosen for this difference; the default if nothing is."""
        choice = choices.get(self.key, self.default)
        return choice if choice in {AS_IN_FILE, AS_IN_DIRECTORY} else self.default

    def __str__(self) -> str:
        """The difference in one line, as the command prints it."""
        if self.is_absence:
            return f"{self.agency}: {self.about}"
        versions = f"in the file “{self.in_file}”, in the directory “{self.in_directory}”"
        return f"{self.agency}: {self.about}: {versions}"
