"""Commands refuse or warn while emails would leave with the example text of the settings."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.commands.terminal import Run
from tests.mail_server import ELSEWHERE, OWN_TEXT, use_mail_server
from tests.row_maker import Maker

HELD = (
    "Set SURVEY_PUBLIC_BASE_URL, SURVEY_PARTNERSHIP, SURVEY_CONTACT_EMAIL, SURVEY_CONTACT_TELEPHONE and "
    "SURVEY_CONCERN_ROUTE."
)


def test_issue_names_the_settings_and_issues_nothing(
    app: Flask, run: Run, make: Maker, outbox: Callable[[], list[Outbox]]
) -> None:
    audit = make.audit(issued=False)
    use_mail_server(app, ELSEWHERE)
    refused = run("issue", audit.id)
    assert refused.exit_code == 1
    assert HELD in refused.stderr
    assert "set SURVEY_MAIL_FOLDER" in refused.stderr
    assert outbox() == []
    use_mail_server(app, ELSEWHERE, **OWN_TEXT)
    assert "6 requests issued." in run("issue", audit.id).output


def test_work_and_mail_say_why_nothing_leaves(app: Flask, run: Run) -> None:
    use_mail_server(app, ELSEWHERE)
    assert HELD in run("work", "--once").stderr
    assert HELD in run("mail", "--test", "me@northshire.gov.uk").output
    assert "0 emails tried." in run("work", "--once").output


def test_the_demonstration_is_not_loaded_where_its_email_would_leave_this_machine(
    app: Flask, run: Run
) -> None:
    use_mail_server(app, ELSEWHERE, **OWN_TEXT)
    refused = run("demo")
    assert refused.exit_code == 1
    assert "its email goes no further than this machine" in refused.stderr
    assert session.scalars(select(Audit)).all() == []
