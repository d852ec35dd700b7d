"""How a command runs: a refusal is one sentence on stderr and exit 1, never a traceback."""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec

import click
from sqlalchemy.exc import OperationalError

from surveyapp.foundation.db import engine, session
from surveyapp.foundation.errors import CannotStart, SurveyError
from surveyapp.foundation.schema import check_schema

P = ParamSpec("P")

# Who acted, as events name a command.
COMMAND = "command"
REFUSED = 1


def refuse(*sentences: str) -> None:
    """Say why not, and end with 1."""
    session.rollback()
    click.echo(" ".join(sentence for sentence in sentences if sentence), err=True)
    sys.exit(REFUSED)


def saying_why(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into its sentence and exit 1."""

    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        try:
            command(*args, **options)
        except CannotStart as error:
            refuse(error.message)
        except SurveyError as error:
            refuse(error.message)
        except OperationalError as error:
            refuse(f"The database cannot be used: {str(error.orig).strip()}.")

    return run


def acting(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command on a database that fits this program."""

    @saying_why
    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        check_schema(engine())
        command(*args, **options)

    return run
