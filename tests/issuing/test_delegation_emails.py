"""The emails about delegations: what they say, and when none is sent."""

from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.delegation_operations import send_back_delegation
from surveyapp.issuing.links import link_for
from surveyapp.planning.models import Audit
from tests.issuing.conftest import LATER, Queued, passed, worded
from tests.row_maker import Maker


def test_the_email_says_who_passed_it_what_and_by_when_and_nothing_about_the_child(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first, second, _third = make.requests(asked)
    passer = first.grant.contact.name
    passed(first, sends_back=True)
    passed(second)
    email = worded(outbox()[-1])
    assert email is not None
    said = render_email(email)
    link = link_for(make.grants(asked)[-1])
    assert said.subject == f"Passed to you by {passer}: 2 audit returns by 18 December"
    for text in (said.text, said.html):
        plain = " ".join(text.split())
        for words in (
            passer,
            asked.title,
            "Northside Police",
            "Child 1, passed by",
            f"send it back, and {passer} checks and returns it",
            "return it yourself",
            "Friday 18 December 2026",
            link,
        ):
            assert words in plain
        assert "Child 3" not in text
        assert not {"female", "months"} & set(text.split())


def test_once_returns_have_closed_no_email_says_that_a_case_was_sent_back(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    passed(first, sends_back=True)
    with transaction():
        send_back_delegation(first, now=LATER)
    mail = next(queued for queued in outbox() if queued.kind == "sent_back")
    assert worded(mail) is not None
    with transaction():
        close_returns(asked, actor="ann", now=LATER)
    assert worded(mail) is None


def test_a_case_passed_on_is_announced_only_while_it_is_with_the_colleague_and_returns_are_open(
    make: Maker, asked: Audit, outbox: Queued, session: Session
) -> None:
    done = passed(make.requests(asked)[0])
    theirs = done.to_grant
    mail = next(queued for queued in outbox() if queued.kind == "passed_on")
    assert worded(mail) is not None
    for row, column in ((theirs.contact, "left_at"), (theirs, "revoked_at"), (asked, "closed_at")):
        setattr(row, column, LATER)
        session.flush()
        assert worded(mail) is None, column
        setattr(row, column, None)
        session.flush()
    assert worded(mail) is not None
    theirs.contact.email = "another@police.example"
    assert worded(mail) is None
