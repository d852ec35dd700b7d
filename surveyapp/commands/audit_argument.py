"""The AUDIT argument of commands: an audit's number or its title."""

import click

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.planning.errors import check_answers_kept
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import audit_titled

AUDIT_ARGUMENT = click.argument("audit_name", metavar="AUDIT")


def audit_by_number_or_title(name: str, *, may_be_purged: bool = False) -> Audit:
    """The audit with this number or title.

    Raises Refused if there is none, and AnswersRemoved if its returns were purged, unless it `may_be_purged`.
    """
    audit = session.get(Audit, int(name)) if name.isdecimal() and len(name) < len("2147483648") else None
    audit = audit or audit_titled(name)
    if audit is None:
        raise Refused(f"There is no audit “{name}”: give its number, or its title in quotes.")
    if not may_be_purged:
        check_answers_kept(audit)
    return audit
