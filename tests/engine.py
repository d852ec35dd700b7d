"""Checks that the database under test runs: exits with 0 if so, 2 to skip, 1 where CI must not skip."""

import os
import socket
import sys

ADDRESS = ("127.0.0.1", 5432)


def main() -> int:
    """Check for PostgreSQL if the argument is `postgresql`; returns the exit status."""
    if sys.argv[1:] != ["postgresql"]:
        return 0
    try:
        socket.create_connection(ADDRESS, timeout=5).close()
    except OSError:
        sentence = (
            "There is no PostgreSQL on 127.0.0.1:5432 that lets in the user postgres without a password"
        )
        if os.environ.get("CI"):
            sys.stderr.write(f"{sentence}; in CI that is a failure.\n")
            return 1
        sys.stdout.write(f"Skipped: {sentence}.\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
