"""One app for all tests of a process that ask for no settings of their own, as new for each of them.

Making an app takes a twentieth of a second, nearly all of it for the addresses of its pages; and an app that
has sent a statement once has it compiled.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.events import ConnectionEvents
from sqlalchemy.pool.events import PoolEvents

from surveyapp.foundation.store.db import engine, session
from surveyapp.standalone.app import create_app


def app_on_database(url: str, folder: Path, compiled: FileSystemBytecodeCache) -> Flask:
    """The standalone app on a database, with its keys and its mail in a folder."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "SURVEY_KEY_FILE": str(folder / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(folder / "mail"),
            "SURVEY_WORKER": False,
            "PROPAGATE_EXCEPTIONS": True,
        }
    )
    app.jinja_env.bytecode_cache = compiled
    return app


@contextlib.contextmanager
def in_app_context(app: Flask, *, now: datetime | None = None) -> Iterator[None]:
    """In the context of an app, whose connections end with it; at a moment where one is given."""
    with time_machine.travel(now, tick=False) if now else contextlib.nullcontext(), app.app_context():
        try:
            yield
        finally:
            session.rollback()
            app.extensions["sqlalchemy"].session.remove()
            engine().dispose()


class SharedApp:
    """An app that is lent to one test at a time, with keys and mail in that test's own folder."""

    def __init__(self, app: Flask) -> None:
        # From its first page on Flask refuses another hook or page, in whichever order the tests run.
        with in_app_context(app):
            app.test_client().get("/sign-in")
        self._app = app
        self._config = dict(app.config)
        self._extensions = dict(app.extensions)
        self._mail = dict(vars(app.extensions["mail"]))
        self._jinja = [dict(each) for each in self._words_of_templates()]

    @contextlib.contextmanager
    def lend(self, folder: Path) -> Iterator[Flask]:
        """The app as it was made, but for where its keys and its mail are; it is left as it was made, too."""
        self._restore()
        state = self._extensions["survey"]
        keys, mail = folder / "keys.json", folder / "mail"
        shutil.copy(state.settings.key_file, keys)
        self._app.config.update(SURVEY_KEY_FILE=str(keys), SURVEY_MAIL_FOLDER=str(mail))
        self._app.extensions["survey"] = replace(
            state,
            settings=replace(state.settings, key_file=keys, mail_folder=str(mail)),
            mail_kinds=dict(state.mail_kinds),
        )
        with in_app_context(self._app):
            before = _listeners(engine())
            try:
                yield self._app
            finally:
                self._restore()
            assert _listeners(engine()) == before, (
                "A test left a listener on the engine that all tests have: use tests/engine_events.py."
            )

    def _restore(self) -> None:
        _put_back(self._app.config, self._config)
        _put_back(self._app.extensions, self._extensions)
        _put_back(vars(self._extensions["mail"]), self._mail)
        for found, kept in zip(self._words_of_templates(), self._jinja, strict=True):
            _put_back(found, kept)
        self._extensions["survey_limiter"].reset()

    def _words_of_templates(self) -> tuple[dict[str, Any], ...]:
        jinja = self._app.jinja_env
        return jinja.globals, jinja.filters, jinja.tests


def _put_back(found: dict[str, Any], kept: dict[str, Any]) -> None:
    found.clear()
    found.update(kept)


def _listeners(found: Engine) -> dict[str, int]:
    return {
        f"{kind.__name__}.{name}": len(getattr(place, name))
        for kind, place in ((ConnectionEvents, found.dispatch), (PoolEvents, found.pool.dispatch))
        for name in dir(kind)
        if not name.startswith("_") and name != "dispatch"
    }
