"""SurveyApp, the Flask extension: registers every step's pages, commands, emails and timed operations."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask

from surveyapp.answering import emails as answering_emails
from surveyapp.answering.access import codes
from surveyapp.answering.arrival import operations as arrival_operations
from surveyapp.answering.returns import autosave
from surveyapp.chasing import emails as chasing_emails
from surveyapp.chasing import operations as chasing_operations
from surveyapp.checks.proposals import staff_tasks as proposal_tasks
from surveyapp.closing import operations as closing_operations
from surveyapp.collating.then_and_now import operations as frozen_figures
from surveyapp.commands import survey_group
from surveyapp.commands.keys.lost_keys import check_nothing_needs_missing_keys
from surveyapp.concluding.actions import due_mail
from surveyapp.concluding.actions import emails as concluding_emails
from surveyapp.concluding.actions import staff_tasks as action_tasks
from surveyapp.diary import operations as diary_operations
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.event_chain import operations as event_chain
from surveyapp.foundation.event_chain import recorded_end
from surveyapp.foundation.file_warnings import file_warnings
from surveyapp.foundation.mail.chosen_transport import (
    check_mail_is_encrypted,
    held_by_example_text,
    settings_to_set,
)
from surveyapp.foundation.mail.outbox import MailKind
from surveyapp.foundation.mail.worker_thread import start_thread
from surveyapp.foundation.settings import Settings, read_settings
from surveyapp.foundation.shared_counts import delete_ended_counts
from surveyapp.foundation.signals import returns_closed
from surveyapp.foundation.store.database_in_use import stay_in_use
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.keys import Keys, make_key_file, read_key_file
from surveyapp.foundation.store.schema import check_schema
from surveyapp.foundation.web.actor import StaffCallable, checked_staff
from surveyapp.foundation.web.late_pages import when_pages_are_needed
from surveyapp.foundation.web.log_redaction import redact_links
from surveyapp.foundation.web.serving import is_serving
from surveyapp.foundation.web.settings_warnings import settings_warnings
from surveyapp.involvement import emails as involvement_emails
from surveyapp.issuing import delegation_emails
from surveyapp.issuing import emails as issuing_emails
from surveyapp.issuing.lasting_links import operations as lasting_links
from surveyapp.issuing.planned_issue import operations as planned_issue
from surveyapp.mailing.queries import is_of_example
from surveyapp.retention import date_operations as retention_dates
from surveyapp.retention import staff_tasks as retention_tasks
from surveyapp.retention.purging import file_cleaning, log_removal
from surveyapp.retention.purging import purge_operations as purges
from surveyapp.tracking import task_kinds
from surveyapp.tracking.staff_tasks import TaskKind

# Every kind of email, and the operations that the worker runs every minute.
MAIL_KINDS: tuple[MailKind, ...] = (
    *issuing_emails.MAIL_KINDS,
    *delegation_emails.MAIL_KINDS,
    *answering_emails.MAIL_KINDS,
    *involvement_emails.MAIL_KINDS,
    *chasing_emails.MAIL_KINDS,
    *concluding_emails.MAIL_KINDS,
)
TIMED_OPERATIONS: tuple[Callable[[datetime], object], ...] = (
    autosave.raise_kept_concerns,
    planned_issue.issue_planned_audits,
    chasing_operations.queue_due_chasers,
    closing_operations.close_due_audits,
    frozen_figures.freeze_closed_audits,
    due_mail.queue_action_due_emails,
    retention_dates.set_dates_of_closed_audits,
    purges.begin_due_purges,
    file_cleaning.clean_after_purges,
    file_cleaning.remove_old_copies,
    log_removal.remove_old_events,
    delete_ended_counts,
    # Last, so that it seals what the others have recorded.
    event_chain.seal_events,
)
# What may need staff today: kinds of task, the most urgent first.
TASK_KINDS: tuple[TaskKind, ...] = (
    *task_kinds.TASK_KINDS,
    *proposal_tasks.TASK_KINDS,
    *action_tasks.TASK_KINDS,
    *retention_tasks.TASK_KINDS,
)
# What each worker writes into the record beside the keys every minute, so that no restored backup undoes it.
RECORDING_OPERATIONS: tuple[Callable[[datetime], object], ...] = (
    lasting_links.record_links_of_grants,
    diary_operations.record_withdrawn_feeds,
    recorded_end.record_newest_seal,
)
# What is done in a restored database before anything of it is served, each in a transaction of its own.
RESTORE_OPERATIONS: tuple[Callable[[datetime], object], ...] = (
    lasting_links.end_links_again,
    diary_operations.withdraw_feeds_again,
    codes.end_codes,
    chasing_operations.skip_slots_before_restore,
    purges.repeat_recorded_purges,
    file_cleaning.clean_after_purges,
)
# What people wait for: the worker runs it every two seconds, before it looks for email to send.
PROMPT_OPERATIONS: tuple[Callable[[datetime], object], ...] = (
    arrival_operations.send_wanted_links,
    purges.continue_purges,
)


@dataclass(frozen=True)
class SurveyState:
    """The state of surveyapp in one app, in `app.extensions["survey"]`."""

    settings: Settings
    keys: Keys
    staff: StaffCallable
    mail_kinds: dict[str, MailKind]
    timed_operations: tuple[Callable[[datetime], object], ...]
    prompt_operations: tuple[Callable[[datetime], object], ...]
    recording_operations: tuple[Callable[[datetime], object], ...]
    restore_operations: tuple[Callable[[datetime], object], ...]
    task_kinds: tuple[TaskKind, ...]
    # Whether an email of a kind about a subject is of the example, so that it goes to nobody.
    is_of_example: Callable[[str, int], bool]
    url_prefix: str
    # Lines of the log that are written once and not with every request.
    logged_once: set[str] = field(default_factory=set)


class SurveyApp:
    """The extension: `SurveyApp(app, staff=who_is_signed_in)`, after the host's SQLAlchemy and Mail."""

    def __init__(
        self, app: Flask | None = None, *, staff: StaffCallable | None = None, url_prefix: str = ""
    ) -> None:
        """Keep the options; with an `app`, also initialise it.

        `staff` returns the Actor who makes the request, or None for a stranger. `url_prefix` is empty or
        begins with a slash.
        """
        self.staff = staff
        self.url_prefix = url_prefix
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add our pages, commands and emails to an app, and warn of the app's unsafe settings and files.

        Raises CannotStart if `staff` is missing, a setting or the keys cannot be used, or an extension of the
        host is missing.
        """
        add_survey(app, staff=checked_staff(self.staff), url_prefix=self.url_prefix)
        app.cli.add_command(survey_group())
        if is_serving():
            warn_of_settings(app)
            warn_of_files(app)


def add_survey(  # noqa: PLR0913 — what the standalone app adds
    app: Flask,
    *,
    staff: StaffCallable,
    url_prefix: str = "",
    mail_kinds: tuple[MailKind, ...] = (),
    prompt_operations: tuple[Callable[[datetime], object], ...] = (),
    restore_operations: tuple[Callable[[datetime], object], ...] = (),
) -> None:
    """Add our pages and emails to an app, whatever its own settings are. Raises CannotStart.

    `mail_kinds`, `prompt_operations` and `restore_operations` are those of the standalone app, beside
    everybody’s.
    """
    for name, extension in (("sqlalchemy", "Flask-SQLAlchemy"), ("mail", "Flask-Mail")):
        if name not in app.extensions:
            raise CannotStart(f"SurveyApp uses the app’s {extension}: initialise it before SurveyApp.")
    settings = read_settings(app.config)
    app.extensions["survey"] = SurveyState(
        settings=settings,
        keys=_keys(app, settings),
        staff=staff,
        mail_kinds={kind.name: kind for kind in (*MAIL_KINDS, *mail_kinds)},
        timed_operations=TIMED_OPERATIONS,
        prompt_operations=(*PROMPT_OPERATIONS, *prompt_operations),
        recording_operations=RECORDING_OPERATIONS,
        restore_operations=(*RESTORE_OPERATIONS, *restore_operations),
        task_kinds=TASK_KINDS,
        is_of_example=is_of_example,
        url_prefix=url_prefix,
    )
    with app.app_context():
        check_mail_is_encrypted()
    when_pages_are_needed(app, partial(_register_pages, app, url_prefix))
    # Only for signals of this app: another app in the process freezes its own figures.
    returns_closed.connect(frozen_figures.freeze_at_close, sender=app)
    redact_links(app.logger)
    if is_serving():
        _keep_database_in_use(app)
        _warn_of_example_text(app)
    # A command that ends within a second must not begin to send.
    if settings.worker and is_serving():
        _start_worker(app)


def warn_of_settings(app: Flask) -> None:
    """Log, once as the app starts, each of its settings that is unsafe."""
    public_base_url = app.extensions["survey"].settings.public_base_url
    for warning in settings_warnings(app.config, public_base_url=public_base_url):
        app.logger.warning("%s", warning)


def warn_of_files(app: Flask, *folders: Path) -> None:
    """Log, once as the app starts, each file of ours that others on this computer may read.

    `folders` hold nothing but files of ours.
    """
    with app.app_context():
        for warning in file_warnings(*folders):
            app.logger.warning("%s", warning)


def _warn_of_example_text(app: Flask) -> None:
    with app.app_context():
        held, names = held_by_example_text(), settings_to_set()
    if held:
        app.logger.warning("%s %s", held, names)


def _keep_database_in_use(app: Flask) -> None:
    with app.app_context():
        url = engine().url
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        try:
            stay_in_use(Path(url.database))
        except sqlite3.OperationalError:
            raise CannotStart("A backup is being restored. Start again once it is.") from None


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

    Raises CannotStart if the file is missing although there are texts or links that only its keys open.
    """
    if not settings.key_file.exists():
        with app.app_context():
            check_nothing_needs_missing_keys(settings.key_file)
        # Of two processes that start at the same moment, one makes it.
        with suppress(FileExistsError):
            make_key_file(settings.key_file)
    return read_key_file(settings.key_file)


def _register_pages(app: Flask, url_prefix: str) -> None:
    from surveyapp.site_map import register_pages

    register_pages(app, url_prefix)
