"""`survey upgrade` creates the survey tables or brings them up to date."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import COMMAND_ACTOR, exit_on_refusal
from surveyapp.foundation import clock
from surveyapp.foundation.event_chain.triggers import mend_triggers, unprotected
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.engine_listeners import has_listeners
from surveyapp.foundation.store.event_log import record_event


@click.command("upgrade")
@with_appcontext
@exit_on_refusal
def upgrade() -> None:
    """Make or upgrade the survey tables; SQLite is copied beside itself first."""
    if not has_listeners(engine()):
        click.echo(
            "Warning: this app has not called surveyapp.install_listeners(db.engine): "
            "a return may be confirmed and not yet on disk. See docs/hosting.md.",
            err=True,
        )
    before, after = schema.upgrade(engine(), now=clock.now())
    if before == after:
        click.echo(f"The survey tables are at revision {after} already.")
    elif before:
        click.echo(f"The survey tables are upgraded from revision {before} to {after}.")
    else:
        click.echo(f"The survey tables are made, at revision {after}.")
    _mend_log()


def _mend_log() -> None:
    """Let the database refuse changes to the event log again, if it no longer does."""
    if not unprotected(session.connection()):
        return
    with transaction():
        mend_triggers(session.connection())
        record_event(COMMAND_ACTOR, "mended_log", "log", now=clock.now())
    click.echo(
        "The database would have let somebody change the log of who did what. It refuses again. "
        "Whether somebody did: flask --app wsgi survey log --verify"
    )
