"""`survey work` runs the worker; `survey mail` shows the outbox, pauses or resumes mail and sends a test."""

import signal
import threading

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import COMMAND_ACTOR, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.file_warnings import file_warnings
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.chosen_transport import held_by_example_text, settings_to_set
from surveyapp.foundation.mail.circuit_breaker import pause_mail, resume_mail
from surveyapp.foundation.mail.outbox import send_test
from surveyapp.foundation.mail.status import mail_state
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import MAIL_STATE_WORDS
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.foundation.words.shares import counted


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due, send what is queued, and end.")
@with_appcontext
@requires_current_schema
def work(*, once: bool) -> None:
    """Plan chasers, close what is due and send what is queued: for ever, or once."""
    if held_by_example_text():
        click.echo(f"{held_by_example_text()} {settings_to_set()}", err=True)
    for warning in file_warnings():
        click.echo(f"Warning: {warning}", err=True)
    if once:
        ticked = worker.tick(clock.now())
        worker.keep_records(clock.now())
        worker.run_prompt_operations(clock.now())
        outcomes = worker.drain(clock.now)
        click.echo(
            "Looked at what is due."
            if ticked
            else "Another worker is at it, or a person has to decide first."
        )
        click.echo(
            f"{counted(outcomes.total(), 'email')} tried"
            + "".join(f", {number} {outcome}" for outcome, number in sorted(outcomes.items()))
            + "."
        )
        return
    stop = threading.Event()
    for stop_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop_signal, lambda *_: stop.set())
    click.echo("Working. Stop with Ctrl-C: the email under way is finished first.", err=True)
    worker.work_until_stopped(stop)


@click.command("mail")
@click.option("--pause", is_flag=True, help="Stop all mail until it is resumed.")
@click.option("--resume", is_flag=True, help="Let mail go on at once.")
@click.option("--test", "address", metavar="ADDRESS", help="Queue a test message.")
@with_appcontext
@requires_current_schema
def mail(*, pause: bool, resume: bool, address: str | None) -> None:
    """Show the outbox as it truly is; pause it, resume it, or send a test message."""
    if pause and resume:
        raise click.UsageError("Choose --pause or --resume.")
    now = clock.now()
    with transaction():
        if pause:
            pause_mail(actor=COMMAND_ACTOR, now=now)
        if resume:
            resume_mail(actor=COMMAND_ACTOR, now=now)
        if address is not None:
            send_test(address, now=now)
    _show()


def _show() -> None:
    state = mail_state(clock.now())
    click.echo(state.trouble or state.progress)
    if settings_to_set():
        click.echo(settings_to_set())
    if state.is_held and state.restored_backup_at is None:
        click.echo("To let it go on: flask survey mail --resume")
    folder = settings().mail_folder
    click.echo(f"Mail goes into the folder {folder}." if folder else "Mail goes to your mail server.")
    last_tick = state.last_tick_at
    click.echo(
        f"The worker last looked on {moment_in_words(last_tick)}." if last_tick else "No worker has run yet."
    )
    if state.oldest_due_since is not None:
        click.echo(f"The oldest has been due since {moment_in_words(state.oldest_due_since)}.")
    if any(state.counts.values()):
        click.echo("\nMessages")
    for name, words in MAIL_STATE_WORDS.items():
        if state.counts[name]:
            click.echo(f"{state.counts[name]:>6}  {words}")
