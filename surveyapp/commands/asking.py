"""`issue`: every agency is asked for what it has not been asked for yet."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.naming import AUDIT, audit_called
from surveyapp.commands.running import COMMAND, acting
from surveyapp.foundation import clock
from surveyapp.foundation.counting import counted
from surveyapp.foundation.db import transaction
from surveyapp.foundation.errors import Refused
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.queries import problems_before_issue


@click.command("issue")
@AUDIT
@with_appcontext
@acting
def issue(audit_name: str) -> None:
    """Issue what is not yet issued of an audit; twice is once."""
    now = clock.now()
    with transaction():
        audit = audit_called(audit_name)
        problems = problems_before_issue(audit, today=clock.local_day(now))
        if problems:
            raise Refused("\n".join(problems))
        count, title = issue_requests(audit, actor=COMMAND, now=now), audit.title
    click.echo(
        f"“{title}”: {counted(count, 'request')} issued." if count else f"“{title}”: all was issued before."
    )
