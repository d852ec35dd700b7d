"""How a command runs: a refusal is one sentence on stderr and exit 1, never a traceback."""

import functools
import sys
from collections.abc import Callable
from typing import NoReturn, ParamSpec

import click
from sqlalchemy.exc import OperationalError

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.schema import check_schema

P = ParamSpec("P")

# Who acted, as events name a command.
COMMAND_ACTOR = "command"
REFUSED_EXIT_CODE = 1


def exit_refused(*sentences: str) -> NoReturn:
    """Say why not, and end with 1."""
    click.echo(" ".join(sentence for sentence in sentences if sentence), err=True)
    sys.exit(REFUSED_EXIT_CODE)


def exit_on_refusal(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into its sentence and exit 1."""

    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        try:
            command(*args, **options)
        except SurveyError as error:
            exit_refused(error.message, error.way_on)
        except OperationalError as error:
            exit_refused(f"The database cannot be used: {str(error.orig).strip()}.")
        finally:
            # What was only read holds SQLite's lock until it is said to be done.
            session.rollback()

    return run


def requires_current_schema(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command on a database that fits this program."""

    @exit_on_refusal
    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        check_schema(engine())
        command(*args, **options)

    return run
