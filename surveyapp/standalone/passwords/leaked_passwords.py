"""Looks a password up among leaked ones, in a file of their SHA-1 hashes on this machine (ASVS 6.2.12)."""

import os
import re
from hashlib import sha1
from pathlib import Path

from surveyapp.foundation.errors import CannotStart

_HASH_LENGTH = 40
_HASH = re.compile(rb"[0-9A-Fa-f]{40}")


def is_leaked(password: str, file: Path) -> bool:
    """Whether the hash of a password is in a file of lines in the order of their hashes.

    The time grows with the logarithm of the file’s size: the 40 GB of Have I Been Pwned take 40 reads.
    """
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().encode()
    with file.open("rb") as lines:
        first, end = 0, lines.seek(0, os.SEEK_END)
        # The wanted line, if there is one, begins at `first` or later and before `end`.
        while first < end:
            middle = (first + end) // 2
            lines.seek(max(middle - 1, 0))
            if middle:
                lines.readline()
            if lines.tell() >= end:
                end = middle
                continue
            found = lines.readline()[:_HASH_LENGTH].lower()
            if found == wanted:
                return True
            if found < wanted:
                first = lines.tell()
            else:
                end = middle
    return False


def check_leaked_passwords(file: Path) -> None:
    """Raise CannotStart if a file cannot be read, or does not begin with a SHA-1 hash."""
    try:
        with file.open("rb") as lines:
            beginning = lines.read(_HASH_LENGTH)
    except OSError as error:
        raise CannotStart(f"LEAKED_PASSWORDS_FILE {file} cannot be read: {error.strerror}.") from None
    if not _HASH.fullmatch(beginning):
        raise CannotStart(
            f"LEAKED_PASSWORDS_FILE {file} has no SHA-1 hashes, one a line and in their order, such as the "
            "program PwnedPasswordsDownloader writes."
        )
