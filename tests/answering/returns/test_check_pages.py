"""Check, return and not involved, through the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def filled_in(audit_request: AuditRequest) -> dict[str, Any]:
    """The fields of a whole form, each question answered and commented on."""
    fields: dict[str, Any] = {}
    for question in audit_request.audit.form.questions:
        if question.choice_values:
            fields[question.id] = question.choice_values[0]
        elif question.kind != "contact":
            fields[question.id] = "What the file shows."
        if question.comment:
            fields[f"{question.id}-comment"] = f"On question {question.number}."
    return fields


def test_a_full_form_is_saved_and_returned_in_few_statements(
    person: Person, make: Maker, queries: AtMost
) -> None:
    audit = make.audit(cases=3, agencies=1)
    first = make.requests(audit)[0]
    assert len(audit.form.questions) == 14
    person.starts(make.grants(audit)[0])
    person.opens(first)
    fields = filled_in(first)
    with queries(16):
        person.presses(first, **fields, next__step="check")
    person.opens(first, "check")
    with queries(22):
        person.presses(first, "check")
    assert kept_of(first).has_returned


def test_the_done_page_says_of_the_receipt_what_is_so(person: Person, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1)
    first = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert "A receipt is on its way to your mailbox." in person.opens(first, "done").text
    receipt = session.query(Outbox).one()
    receipt.state, receipt.finished_at = "sent", MONDAY_MORNING
    session.commit()
    page = person.opens(first, "done").text
    assert "A receipt was sent to your mailbox on Monday 30 November 2026 at 9:00am." in page
    receipt.state = "failed"
    session.commit()
    assert "receipt" not in person.opens(first, "done").text.lower().replace("returned", "")


def test_after_close_the_done_page_asks_for_nothing_more(
    person: Person, make: Maker, clock: Traveller
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    first = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    assert "1 more to do by" in person.opens(first, "done").text
    assert audit.closes_at is not None
    clock.move_to(audit.closes_at + timedelta(hours=1))
    person.starts(make.grants(audit)[0])
    page = person.opens(first, "done").text
    assert "Returns closed on Friday 15 January 2027 at 5:00pm. There is nothing more for you to do." in page
    assert "Go on with" not in page
    assert "When returns close" not in page
