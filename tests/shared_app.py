"""One app for all tests of a process that need no settings of their own; each test gets it as if new.

Making an app takes a twentieth of a second, nearly all of it for the routes of its pages, and a shared app
keeps its compiled SQL statements.
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
from sqlalchemy import Engine
from sqlalchemy.engine.events import ConnectionEvents
from sqlalchemy.pool.events import PoolEvents

from surveyapp.foundation.store.db import engine, session
from surveyapp.standalone.app import create_app


def app_on_database(url: str, folder: Path) -> Flask:
    """Make the standalone app on a database, with its keys and its mail in a folder."""
    return create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "SURVEY_KEY_FILE": str(folder / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(folder / "mail"),
            "SURVEY_WORKER": False,
            "PROPAGATE_EXCEPTIONS": True,
            "SQLALCHEMY_ENGINE_OPTIONS": {"query_cache_size": 20_000},
        }
    )


@contextlib.contextmanager
def in_app_context(app: Flask, *, now: datetime | None = None) -> Iterator[None]:
    """Run a block in the context of an app, at the moment `now` if given; then close its connections."""
    with time_machine.travel(now, tick=False) if now else contextlib.nullcontext(), app.app_context():
        try:
            yield
        finally:
            session.rollback()
            app.extensions["sqlalchemy"].session.remove()
            engine().dispose()


class SharedApp:
    """An app that one test at a time uses, with keys and mail in that test's own folder."""

    def __init__(self, app: Flask) -> None:
        # After its first request Flask refuses further hooks and routes; every test finds the app like that.
        with in_app_context(app):
            app.test_client().get("/sign-in")
        self._app = app
        self._config = dict(app.config)
        self._extensions = dict(app.extensions)
        self._mail = dict(vars(app.extensions["mail"]))
        self._jinja = [dict(names) for names in self._template_names()]

    @contextlib.contextmanager
    def lend(self, folder: Path) -> Iterator[Flask]:
        """Yield the app as it was made, with keys and mail in `folder`, and restore it afterwards."""
        self._restore()
        # They may be in the database, whose tables a test may have changed when it ends.
        with self._app.app_context():
            self._extensions["survey_sign_in_limits"].forget_all()
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
        for changed, original in zip(self._template_names(), self._jinja, strict=True):
            _put_back(changed, original)

    def _template_names(self) -> tuple[dict[str, Any], ...]:
        jinja = self._app.jinja_env
        return jinja.globals, jinja.filters, jinja.tests


def _put_back(changed: dict[str, Any], original: dict[str, Any]) -> None:
    changed.clear()
    changed.update(original)


def _listeners(listened_to: Engine) -> dict[str, int]:
    return {
        f"{kind.__name__}.{name}": len(getattr(place, name))
        for kind, place in (
            (ConnectionEvents, listened_to.dispatch),
            (PoolEvents, listened_to.pool.dispatch),
        )
        for name in dir(kind)
        if not name.startswith("_") and name != "dispatch"
    }
