"""`issue`: every agency is asked for what it has not been asked for yet."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.audit_argument import AUDIT, audit_called
from surveyapp.commands.refusals import COMMAND, acting
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.operations import issue_requests


@click.command("issue")
@AUDIT
@with_appcontext
@acting
def issue(audit_name: str) -> None:
    """Issue what is not yet issued of an audit; twice is once."""
    now = clock.now()
    with transaction():
        audit = audit_called(audit_name)
        issued, title = issue_requests(audit, actor=COMMAND, now=now), audit.title
    for warning in issued.warnings:
        click.echo(warning, err=True)
    click.echo(
        f"“{title}”: {counted(issued.requests, 'request')} issued."
        if issued.requests
        else f"“{title}”: all was issued before."
    )
