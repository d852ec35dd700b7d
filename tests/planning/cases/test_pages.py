"""The pages of cases."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.planning.models import Case
from tests.page_client import PageClient, seen_digest
from tests.row_maker import Maker


def test_identifiers_are_asked_about_in_every_field(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=0, agencies=0, issued=False).id}/cases/add"
    client.get(path)
    typed = {"pseudonym": "Child 1", "sibling_group": "12/03/2019", "needs": "NHS 943 476 5919"}
    page = client.post(path, typed, status=422).text
    assert "This looks like a date of birth. Leave it out, or say that you keep it" in page
    assert "This looks like an NHS number. Leave it out, or say that you keep it" in page
    client.post(path, {**typed, "keep": "y"})
    case = session.scalars(select(Case)).one()
    client.post(f"/audits/{case.audit_id}/cases/{case.id}", {**typed, "age": "3 years"})
    assert session.scalars(select(Case.age_months)).one() == 36


def test_the_page_of_an_issued_case_offers_no_removal(client: PageClient, make: Maker) -> None:
    asked, planned = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1, issued=False)
    for audit, offered in ((asked, False), (planned, True)):
        page = client.get(f"/audits/{audit.id}/cases/{audit.cases[0].id}").text
        assert ("Remove this case" in page) is offered


def test_a_case_has_no_box_for_an_identity(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=0, issued=False)
    page = client.get(f"/audits/{audit.id}/cases/add").text
    boxes = re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page.partition("<main")[2])
    assert set(boxes) == {
        "csrf_token",
        "pseudonym",
        "age",
        "gender",
        "category",
        "plan",
        "sibling_group",
        "needs",
    }


def test_every_detail_of_a_case_is_in_the_list_of_cases(client: PageClient, make: Maker) -> None:
    there = f"/audits/{make.audit(cases=0, issued=False).id}/cases"
    client.get(f"{there}/add")
    typed = {
        "pseudonym": "Child 1",
        "age": "3 years 2 months",
        "gender": "female",
        "category": "neglect",
        "plan": "child in need",
        "sibling_group": "A",
        "needs": "domestic abuse, debt",
    }
    page = client.follow(client.post(f"{there}/add", typed)).text
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd] .*?</t[hd]>", page)]
    assert [cell for cell in cells if cell in typed.values()] == list(typed.values())


def test_a_pseudonym_like_an_nhs_number_is_asked_about_and_then_kept(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=0, issued=False)
    there = f"/audits/{audit.id}/cases"
    client.get(f"{there}/add")
    page = client.post(f"{there}/add", {"pseudonym": "943 476 5919", "age": "3 years"}, status=422).text
    assert "This looks like an NHS number." in page
    assert 'value="943 476 5919"' in page
    page = client.follow(client.post(f"{there}/add", {"pseudonym": "943 476 5919", "keep": "y"})).text
    assert "943 476 5919 added." in page


def test_a_case_is_added_changed_and_removed(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=0, issued=False)
    there = f"/audits/{audit.id}/cases"
    client.get(f"{there}/add")
    typed = {"pseudonym": "Child 1", "age": "6 months", "gender": "female", "needs": "domestic abuse, debt"}
    assert "domestic abuse, debt" in client.follow(client.post(f"{there}/add", typed)).text
    case = session.scalars(select(Case)).one()
    assert case.age_months == 6
    assert 'value="6 months"' in client.get(f"{there}/{case.id}").text
    page = client.post(f"{there}/{case.id}", typed | {"age": "60"}, status=422).text
    assert "“60 years” is over 25 years: check it, and its unit" in page
    client.post(f"{there}/{case.id}", typed | {"age": "unborn"})
    assert "unborn" in client.get(there).text
    assert "Child 1 removed." in client.follow(client.post(f"{there}/{case.id}/remove")).text


def test_a_taken_pseudonym_is_refused_on_the_page(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, issued=False)
    client.get(f"/audits/{audit.id}/cases/add")
    page = client.post(f"/audits/{audit.id}/cases/add", {"pseudonym": "child 1"}, status=422).text
    assert "Choose another pseudonym" in page
    page = client.post(
        f"/audits/{audit.id}/cases/several", {"first": "Child 1", "last": "Child 3"}, status=422
    ).text
    assert "called “Child 1” already" in page
    page = client.post(
        f"/audits/{audit.id}/cases/several", {"first": "Child 1", "last": "Case 3"}, status=422
    ).text
    assert "alike but for the number" in page


def test_removing_an_issued_case_is_refused(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1)
    client.get(f"/audits/{audit.id}/cases/{audit.cases[0].id}")
    page = client.post(f"/audits/{audit.id}/cases/{audit.cases[0].id}/remove", status=409).text
    assert "Agencies have been asked about Child 1" in page
    assert "withdraw it there" in page


def test_a_case_of_another_audit_is_not_found(client: PageClient, make: Maker) -> None:
    one, other = make.audit(issued=False), make.audit(issued=False)
    client.get(f"/audits/{one.id}/cases/{other.cases[0].id}", status=404)


def test_two_managers_who_correct_one_case_see_the_conflict(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    case_id = audit.cases[0].id
    one = f"/audits/{audit.id}/cases/{case_id}"
    seen = seen_digest(client.get(one).text)
    client.post(one, {"pseudonym": "Child 1", "needs": "neglect", "seen": seen})
    later = {"pseudonym": "Child 1", "gender": "female"}
    page = client.post(one, {**later, "seen": seen}, status=409).text
    assert "Someone else changed this after you opened the page." in page
    assert '<dt>Needs</dt><dd class="survey-typed">neglect</dd>' in page
    assert 'value="female"' in page
    session.rollback()
    assert session.get_one(Case, case_id).needs == ["neglect"]
    client.post(one, {**later, "needs": "neglect", "seen": seen_digest(page)})
    session.rollback()
    assert (session.get_one(Case, case_id).needs, session.get_one(Case, case_id).gender) == (
        ["neglect"],
        "female",
    )
