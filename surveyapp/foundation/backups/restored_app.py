"""Brings a restored database up to date before anything of it is served, as an app of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL

from surveyapp.foundation.mail.restored_backup import hold_after_restore
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.engine_listeners import install_listeners


def bring_up_to_date(database: URL, *, taken_at: datetime, actor: str, now: datetime) -> tuple[str, str]:
    """Upgrade a restored database, do in it what every step does after a restore, and hold its mail.

    `taken_at` is when its backup was made. Returns the revisions before and after. Raises CannotStart,
    SurveyError and SQLAlchemy’s errors; the database is not to be used then.
    """
    with _app_on(database):
        revisions = schema.upgrade(engine(), now=now, keeps_copy=False)
        for operation in current_app.extensions["survey"].restore_operations:
            with transaction():
                operation(now)
        with transaction():
            hold_after_restore(taken_at=taken_at, actor=actor, now=now)
    return revisions


@contextmanager
def _app_on(database: URL) -> Iterator[None]:
    """The context of an app with the settings, keys and steps of the current one, on another database."""
    present = current_app
    app = Flask("surveyapp.restored")
    app.config.update(present.config)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    app.config["SQLALCHEMY_BINDS"] = {}
    SQLAlchemy(app)
    app.extensions["survey"] = present.extensions["survey"]
    with app.app_context():
        install_listeners(engine())
        try:
            yield
        finally:
            session.rollback()
            app.extensions["sqlalchemy"].session.remove()
            engine().dispose()
