"""Operations of the worker on several rows, of which one that fails holds up no other."""

import logging
from collections.abc import Callable
from functools import partial

from surveyapp.foundation.store.db import DATABASE_ERRORS, session


def done_alone(
    operation: Callable[[], int],
    failure: str,
    *,
    log: logging.Logger,
    is_expected: tuple[type[Exception], ...] = (),
) -> int:
    """What an operation on one row counts, in a savepoint of its own; 0 if it fails, until the next minute.

    `failure` is the sentence for the log, which names the row by its id; errors that are expected are not
    logged. Raises the errors of the database, which hold up everything.
    """
    return tried_alone(partial(in_savepoint, operation), failure, log=log, is_expected=is_expected)


def in_savepoint(operation: Callable[[], int]) -> int:
    """What an operation counts; what it wrote is undone if it fails."""
    with session.begin_nested():
        return operation()


def tried_alone(
    operation: Callable[[], int],
    failure: str,
    *,
    log: logging.Logger,
    is_expected: tuple[type[Exception], ...] = (),
) -> int:
    """As `done_alone`, for an operation that mostly finds nothing to do and writes only `in_savepoint`."""
    try:
        return operation()
    except DATABASE_ERRORS:
        raise
    except is_expected:
        return 0
    except Exception as error:  # noqa: BLE001 — the next minute tries again
        # The error's own message may hold what somebody typed, so it is not logged.
        log.error("%s: %s", failure, type(error).__name__)  # noqa: TRY400
        return 0
