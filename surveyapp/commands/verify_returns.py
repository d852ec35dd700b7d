"""`survey verify-returns` compares what is stored of each return with its seal."""

import click
from flask.cli import with_appcontext

from surveyapp.answering.sealed_returns import verify_returns as verified
from surveyapp.commands.audit_argument import audit_by_number_or_title
from surveyapp.commands.refusals import exit_refused, requires_current_schema
from surveyapp.foundation.words.shares import counted

# Most faults that are printed.
MOST_PRINTED = 20


@click.command("verify-returns")
@click.argument("audit_name", metavar="AUDIT", required=False)
@with_appcontext
@requires_current_schema
def verify_returns(audit_name: str | None) -> None:
    """Verify that nobody has changed what was returned, in an AUDIT or in all."""
    found = verified(audit_by_number_or_title(audit_name) if audit_name else None)
    read = counted(found.texts, "text")
    click.echo(f"{counted(found.returns, 'return')}; {read} of them and of drafts read.")
    if found.faults:
        for sentence in found.faults[:MOST_PRINTED]:
            click.echo(sentence, err=True)
        exit_refused(f"{counted(len(found.faults), 'fault')} in all.")
    click.echo("Every one is as it was stored.")
