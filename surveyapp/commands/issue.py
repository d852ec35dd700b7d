"""`survey issue` issues the requests of an audit that have not been issued yet."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.refusals import COMMAND_ACTOR, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.operations import issue_requests


@click.command("issue")
@AUDIT_ARGUMENT
@with_appcontext
@requires_current_schema
def issue(audit_name: str) -> None:
    """Issue what is not yet issued of an audit; twice is once."""
    now = clock.now()
    with transaction():
        audit = audit_by_number_or_title(audit_name)
        issued, title = issue_requests(audit, actor=COMMAND_ACTOR, now=now), audit.title
    for warning in issued.warnings:
        click.echo(warning, err=True)
    click.echo(
        f"“{title}”: {counted(issued.requests, 'request')} issued."
        if issued.requests
        else f"“{title}”: all was issued before."
    )
