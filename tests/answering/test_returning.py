"""Check, return and not involved, through the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from surveyapp.issuing.models import AuditRequest
from tests.answering.conftest import Person, kept_of
from tests.making import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def filled_in(audit_request: AuditRequest) -> dict[str, Any]:
    """The fields of a whole form, each question answered and commented on."""
    fields: dict[str, Any] = {}
    for question in audit_request.audit.form.questions:
        if question.choosable:
            fields[question.id] = question.choosable[0]
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
