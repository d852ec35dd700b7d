"""What is said when two wrote, or too much was written."""

from collections.abc import Callable
from typing import Any

from surveyapp.answering.going_wrong import elsewhere
from surveyapp.answering.models import Revision
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.making import Maker

People = Callable[[], Person]


def test_another_persons_link_is_told_from_another_tab_of_the_same() -> None:
    mine, same, other = (Revision(grant_id=grant, created_at=MONDAY_MORNING) for grant in (1, 1, 2))
    assert elsewhere("saved", same, mine) == "This was saved in another place at 9:00am"
    assert elsewhere("saved", None, mine) == "This was saved in another place at 9:00am"
    assert elsewhere("returned", other, mine) == "Someone else returned this at 9:00am"


def test_a_nil_return_in_another_tab_is_named_as_such(person: Person, people: People, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    first, grant = make.requests(audit)[0], make.grants(audit)[0]
    other = people()
    person.starts(grant)
    other.starts(grant)
    other.opens(first)
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    page = other.presses(first, status=409, supervision="yes", next__step="save")
    assert "This was returned as not involved in another place at 9:00am" in page.text


def test_all_that_stands_in_the_way_is_listed_at_once(person: Person, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    first = make.requests(audit)[0]
    required = next(each for each in audit.form.questions if each.required)
    person.starts(make.grants(audit)[0])
    person.opens(first)
    fields: dict[str, Any] = {"supervision__comment": "x" * 20_001}
    page = person.presses(first, status=422, **fields, next__step="check")
    number = audit.form.question("supervision").number
    assert f"Your comment on question {number} has 20,001 characters" in page.text
    assert f'href="#{required.id}"' in page.text
    page = person.presses(first, status=422, **fields, next__step="save")
    assert f'href="#{required.id}"' not in page.text.partition("survey-beside")[0]


def test_where_numbers_are_missing_the_form_says_why_and_says_its_lengths_once(
    person: Person, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency(kind="school")], form="repeat_plans_2025")
    left_out = [
        str(each.number) for each in audit.form.questions if each not in audit.form.questions_for("school")
    ]
    assert left_out
    person.starts(make.grants(audit)[0])
    page = person.opens(make.requests(audit)[0]).text
    assert f"{left_out[-1]} {'is' if len(left_out) == 1 else 'are'} asked of other agencies." in page
    assert page.count("takes up to 20,000 characters") == 1
    assert "You can enter up to" not in page
