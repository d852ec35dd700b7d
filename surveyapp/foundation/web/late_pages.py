"""Registers an app's pages when something first needs them, since most commands show no page."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sansio.blueprints import Blueprint
from werkzeug.routing import Map

from surveyapp.foundation.web.serving import is_serving


class LatePages(Flask):
    """A Flask app that, while it runs a command, registers its pages at the first look at them.

    The looks are those at its URLs, its view functions and its blueprints, which also lead to the templates.
    A command runs in one thread; an app that serves registers its pages at once.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 — Flask’s own
        """As Flask's."""
        self._waiting: list[Callable[[], None]] = []
        super().__init__(*args, **options)

    def register_late(self, register: Callable[[], None]) -> None:
        """Keep a function that registers pages until they are needed."""
        self._waiting.append(register)

    def _register_waiting(self) -> None:
        while self._waiting:
            self._waiting.pop(0)()

    @property
    def url_map(self) -> Map:
        """All URLs."""
        self._register_waiting()
        return self._url_map

    @url_map.setter
    def url_map(self, url_map: Map) -> None:
        self._url_map = url_map

    @property
    def view_functions(self) -> dict[str, Callable[..., Any]]:
        """The function of each endpoint."""
        self._register_waiting()
        return self._view_functions

    @view_functions.setter
    def view_functions(self, view_functions: dict[str, Callable[..., Any]]) -> None:
        self._view_functions = view_functions

    @property
    def blueprints(self) -> dict[str, Blueprint]:
        """All blueprints by name."""
        self._register_waiting()
        return self._blueprints

    @blueprints.setter
    def blueprints(self, blueprints: dict[str, Blueprint]) -> None:
        self._blueprints = blueprints


def when_pages_are_needed(app: Flask, register: Callable[[], None]) -> None:
    """Register pages by calling `register`: now, or at the first look at them where a command runs."""
    if isinstance(app, LatePages) and not is_serving():
        app.register_late(register)
    else:
        register()
