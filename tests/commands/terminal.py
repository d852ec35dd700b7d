"""A terminal, as a test's annotation names it."""

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]
