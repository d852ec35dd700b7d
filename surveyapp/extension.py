"""SurveyApp, the Flask extension: registers every step's pages, commands, emails and timed operations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask
from sqlalchemy import inspect, select

from surveyapp.answering import emails as answering_emails
from surveyapp.answering.returns import autosave
from surveyapp.chasing import emails as chasing_emails
from surveyapp.chasing import operations as chasing_operations
from surveyapp.closing import operations as closing_operations
from surveyapp.collating.then_and_now import operations as frozen_figures
from surveyapp.commands import survey_group
from surveyapp.concluding.actions import due_mail
from surveyapp.concluding.actions import emails as concluding_emails
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.mail.chosen_transport import ExampleTextLeft, held_by_example_text
from surveyapp.foundation.mail.outbox import MailKind
from surveyapp.foundation.mail.worker_thread import start_thread
from surveyapp.foundation.settings import Settings, read_settings
from surveyapp.foundation.signals import returns_closed
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.keys import Keys, make_key_file, read_key_file
from surveyapp.foundation.store.schema import check_schema
from surveyapp.foundation.web.access import StaffCallable
from surveyapp.foundation.web.late_pages import when_pages_are_needed
from surveyapp.foundation.web.log_redaction import redact_links
from surveyapp.foundation.web.serving import is_serving
from surveyapp.issuing import delegation_emails
from surveyapp.issuing import emails as issuing_emails
from surveyapp.issuing.models import Grant

# Every kind of email, and the operations that the worker runs every minute.
MAIL_KINDS: tuple[MailKind, ...] = (
    *issuing_emails.MAIL_KINDS,
    *delegation_emails.MAIL_KINDS,
    *answering_emails.MAIL_KINDS,
    *chasing_emails.MAIL_KINDS,
    *concluding_emails.MAIL_KINDS,
)
TIMED_OPERATIONS: tuple[Callable[[datetime], object], ...] = (
    autosave.raise_kept_concerns,
    chasing_operations.queue_due_chasers,
    closing_operations.close_due_audits,
    frozen_figures.freeze_closed_audits,
    due_mail.queue_action_due_emails,
)


@dataclass(frozen=True)
class SurveyState:
    """The state of surveyapp in one app, in `app.extensions["survey"]`."""

    settings: Settings
    keys: Keys
    staff: StaffCallable
    mail_kinds: dict[str, MailKind]
    timed_operations: tuple[Callable[[datetime], object], ...]
    url_prefix: str


class SurveyApp:
    """The extension: `SurveyApp(app, staff=who_is_signed_in)`, after the host's SQLAlchemy and Mail."""

    def __init__(self, app: Flask | None = None, *, staff: StaffCallable, url_prefix: str = "") -> None:
        """Keep the options; with an `app`, also initialise it.

        `staff` returns the Actor who makes the request, or None for a stranger. `url_prefix` is empty or
        begins with a slash.
        """
        self.staff = staff
        self.url_prefix = url_prefix
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add our pages, commands and emails to an app.

        Raises CannotStart if a setting or the keys cannot be used, or an extension of the host is missing.
        """
        for name, extension in (("sqlalchemy", "Flask-SQLAlchemy"), ("mail", "Flask-Mail")):
            if name not in app.extensions:
                raise CannotStart(f"SurveyApp uses the app’s {extension}: initialise it before SurveyApp.")
        settings = read_settings(app.config)
        app.extensions["survey"] = SurveyState(
            settings=settings,
            keys=_keys(app, settings),
            staff=self.staff,
            mail_kinds={kind.name: kind for kind in MAIL_KINDS},
            timed_operations=TIMED_OPERATIONS,
            url_prefix=self.url_prefix,
        )
        when_pages_are_needed(app, partial(_register_pages, app, self.url_prefix))
        # Only for signals of this app: another app in the process freezes its own figures.
        returns_closed.connect(frozen_figures.freeze_at_close, sender=app)
        app.cli.add_command(survey_group())
        redact_links(app.logger)
        if is_serving():
            _warn_of_example_text(app)
        # A command that ends within a second must not begin to send.
        if settings.worker and is_serving():
            _start_worker(app)


def _warn_of_example_text(app: Flask) -> None:
    with app.app_context():
        held = held_by_example_text()
    if held:
        app.logger.warning("%s %s", held, ExampleTextLeft.way_on)


def _start_worker(app: Flask) -> None:
    try:
        with app.app_context():
            check_schema(engine())
    except CannotStart as error:
        app.logger.error("The worker has not been started. %s", error.message)  # noqa: TRY400 — the message needs no traceback
        return
    start_thread(app)


def _keys(app: Flask, settings: Settings) -> Keys:
    """Read the keys; make them at the first start.

    Raises CannotStart if the file is missing although links have been sent, which only the lost keys open.
    """
    if not settings.key_file.exists():
        with app.app_context():
            if inspect(engine()).has_table(Grant.__tablename__) and session.scalar(select(Grant.id).limit(1)):
                raise CannotStart(
                    f"The key file {settings.key_file} is missing, and links went out that only it opens. "
                    "Put it back from where its copy is kept."
                )
        make_key_file(settings.key_file)
    return read_key_file(settings.key_file)


def _register_pages(app: Flask, url_prefix: str) -> None:
    from surveyapp.site_map import register_pages

    register_pages(app, url_prefix)
