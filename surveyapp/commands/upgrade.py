"""`survey upgrade` creates the survey tables or brings them up to date."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import exit_on_refusal
from surveyapp.foundation import clock
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.engine_listeners import has_listeners


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
