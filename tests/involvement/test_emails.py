"""The words of the emails of the involvement check, compared with text files, and when none is sent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.operations import note_contact_left
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import MailKind
from surveyapp.foundation.store.db import transaction
from surveyapp.involvement.emails import INVOLVEMENT_CHECK, INVOLVEMENT_REMINDER
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from tests.involvement.conftest import ACTING, AskedContact, grants_of

HERE = Path(__file__).parent


@pytest.mark.parametrize("kind", [INVOLVEMENT_CHECK, INVOLVEMENT_REMINDER], ids=lambda kind: kind.name)
def test_the_email_reads_as_in_the_text_file(asked: Audit, session: Session, kind: MailKind) -> None:
    asked.involvement_answer_by = date(2026, 12, 11)
    session.commit()
    grant = grants_of(asked)[1]
    email = kind.word(grant.id, "lead@police.example")
    assert email is not None
    worded = render_email(email)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        link_for(grant), "https://audits.example/r/(50 characters)/"
    )
    assert read == (HERE / f"{kind.name}.txt").read_text(encoding="utf-8")
    assert "Child 1" not in worded.subject


def test_no_email_goes_to_an_old_address_after_leaving_or_after_the_issue(asked: Audit) -> None:
    first, second = grants_of(asked)

    def words(grant: Grant, to: str) -> list[bool]:
        return [kind.word(grant.id, to) is not None for kind in (INVOLVEMENT_CHECK, INVOLVEMENT_REMINDER)]

    assert words(first, "old@health.example") == [False, False]
    assert words(first, "lead@health.example") == [True, True]
    with transaction():
        note_contact_left(first.contact, **ACTING)
    assert words(first, "lead@health.example") == [False, False]
    with transaction():
        issue_requests(asked, **ACTING)
    assert words(second, "lead@police.example") == [False, False]


def test_whoever_has_answered_meanwhile_is_not_reminded(
    asked: Audit, contacts: Callable[[], list[AskedContact]]
) -> None:
    contact, grant_id = contacts()[1], grants_of(asked)[1].id
    contact.starts()
    contact.saves({}, rest="not_known")
    assert INVOLVEMENT_REMINDER.word(grant_id, "lead@police.example") is None
    assert INVOLVEMENT_CHECK.word(grant_id, "lead@police.example") is not None
