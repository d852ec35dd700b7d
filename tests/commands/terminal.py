"""The type of the `run` fixture."""

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]
