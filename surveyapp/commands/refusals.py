"""Refusals of commands: a sentence on stderr and exit code 1, never a traceback."""

import functools
import sys
from collections.abc import Callable
from typing import NoReturn, ParamSpec

import click
from sqlalchemy.exc import OperationalError

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import engine, read_transaction, session
from surveyapp.foundation.store.schema import check_schema

P = ParamSpec("P")

# The actor of events that a command records.
COMMAND_ACTOR = "command"
REFUSED_EXIT_CODE = 1


def exit_refused(*sentences: str) -> NoReturn:
    """Print the sentences on stderr and exit with code 1."""
    click.echo(" ".join(sentence for sentence in sentences if sentence), err=True)
    sys.exit(REFUSED_EXIT_CODE)


def exit_on_refusal(command: Callable[P, None]) -> Callable[P, None]:
    """A decorator that turns a SurveyError into its sentence and exit code 1."""

    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        try:
            command(*args, **options)
        except SurveyError as error:
            exit_refused(error.message, error.way_on, getattr(error, "for_whoever_runs_it", ""))
        except OperationalError as error:
            exit_refused(f"The database cannot be used: {str(error.orig).strip()}.")
        finally:
            # A transaction that only read still holds SQLite's lock.
            session.rollback()

    return run


def requires_current_schema(command: Callable[P, None]) -> Callable[P, None]:
    """A decorator for commands that need the current schema; it also does what exit_on_refusal does."""

    @exit_on_refusal
    @functools.wraps(command)
    def run(*args: P.args, **options: P.kwargs) -> None:
        # Only read: on SQLite it would take the write lock, or wait for whoever has it.
        with read_transaction():
            check_schema(engine())
        command(*args, **options)

    return run
