"""Planning an audit through its pages."""

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.settings import settings
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import ticked_cells
from tests.page_client import PageClient, seen_digest
from tests.row_maker import FORM, Maker

PLANNED = {
    "title": "Neglect",
    "form_id": FORM,
    "issue_on": ["1", "12", "2026"],
    "due_on": ["18", "12", "2026"],
    "close_on": ["15", "1", "2027"],
    "chasers": "−5, 0, 3, 7",
    "escalate_from": "3",
}


def test_an_audit_is_planned_from_nothing_to_ready(client: PageClient, make: Maker, session: Session) -> None:
    make.agency("Northside Police")
    assert "Nothing is sent until you issue" in client.get("/audits/new").text
    page = client.follow(client.post("/audits/new", PLANNED)).text
    assert "Neglect: set up" in page
    assert "The audit has no cases yet." in page
    assert "Friday 11 December 2026" in page, "the first chaser, five working days before"
    audit = session.scalars(select(Audit)).one()
    assert (audit.due_on, audit.chasers, audit.escalate_from) == (date(2026, 12, 18), [-5, 0, 3, 7], 3)
    there = f"/audits/{audit.id}"
    client.get(f"{there}/cases")
    page = client.follow(client.post(f"{there}/cases/several", {"first": "Child 1", "last": "Child 15"})).text
    assert "15 cases." in page
    page = client.get(f"{there}/grid").text
    assert page.count('type="checkbox"') == 15
    assert "0 cases, 0 agencies, 0 requests" in page
    cells = [f"{case.id}:1" for case in session.scalars(select(Case).order_by(Case.id))]
    page = client.follow(client.post(f"{there}/grid", {"cell": cells[:14], "next": "grid"})).text
    assert "14 cases, 1 agency, 14 requests" in page
    assert page.count("No agency ticked") == 1
    page = client.follow(client.post(f"{there}/grid", {"cell": cells, "next": "set-up"})).text
    assert "15 cases, 1 agency, 15 requests" in page
    assert "Ready" in page


def test_what_may_tell_who_the_child_is_is_asked_about_in_every_field(
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


def test_agencies_with_a_tick_stand_before_the_rest(client: PageClient, make: Maker) -> None:
    make.agency("Abbey Nursery", kind="nursery")
    audit = make.audit(cases=1, agencies=[make.agency("Police")], issued=False)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert page.index('data-ticks-name="Police"') < page.index('data-ticks-name="Abbey Nursery"')


def test_a_row_or_a_column_is_ticked_whole_without_javascript(client: PageClient, make: Maker) -> None:
    nursery = make.agency("Abbey Nursery", kind="nursery").id
    audit = make.audit(cases=3, agencies=1, issued=False)
    path = f"/audits/{audit.id}/grid"
    assert f'<option value="agency:{nursery}">' in client.get(path).text
    ticked = [f"{case_id}:{agency_id}" for case_id, agency_id in ticked_cells(audit)]
    pressed = {"cell": ticked, "seen": " ".join(ticked), "next": "whole", "whole": f"agency:{nursery}"}
    client.post(path, pressed)
    assert len(ticked_cells(audit)) == 6
    client.post(path, {**pressed, "next": "grid"})
    assert len(ticked_cells(audit)) == 6, "a press of another button ticks only what is ticked"


def test_a_wide_grid_says_that_it_scrolls(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=8)
    for path in ("", "/grid"):
        assert (
            "8 agencies: scroll the table sideways for more." in client.get(f"/audits/{audit.id}{path}").text
        )


def test_a_case_about_which_agencies_were_asked_is_not_offered_for_removal(
    client: PageClient, make: Maker
) -> None:
    asked, planned = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1, issued=False)
    for audit, offered in ((asked, False), (planned, True)):
        page = client.get(f"/audits/{audit.id}/cases/{audit.cases[0].id}").text
        assert ("Remove this case" in page) is offered


def test_dates_on_which_nobody_works_are_worth_knowing(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False, close_on=date(2027, 1, 16))
    page = client.get(f"/audits/{audit.id}/set-up").text
    assert "Returns close on Saturday 16 January 2027, which is not a working day." in page


def test_the_set_up_says_why_you_ask_as_contacts_will_read_it(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    audit.key_message = "Secure message of 1 December"
    session.commit()
    page = client.get(f"/audits/{audit.id}/set-up").text
    assert str(settings().authority) in html.unescape(page)
    assert "Secure message of 1 December" in page


def test_an_audit_can_be_planned_without_days(client: PageClient) -> None:
    client.get("/audits/new")
    page = client.follow(client.post("/audits/new", {"title": "Later", "form_id": FORM, "chasers": ""})).text
    assert "Days are missing" in page
    assert "does not say when it is issued, when returns are due and when returns close" in page


def test_every_wrong_field_is_named_and_nothing_typed_is_lost(client: PageClient) -> None:
    client.get("/audits/new")
    typed = PLANNED | {
        "title": "",
        "form_id": "",
        "issue_on": ["31", "2", "2026"],
        "due_on": ["18", "12", "26"],
        "chasers": "0, three",
        "aim": "Kept",
    }
    page = client.post("/audits/new", typed, status=422).text
    for words in (
        "Enter a title",
        "Choose a form",
        "Issue on: enter a real day, like 1 12 2026",
        "Return by: enter the year in four figures, like 2026",
        "“three” is not a whole number of working days: write them like -5, 0, 3, 7",
    ):
        assert words in page
    for kept in ('value="31"', 'value="0, three"', "Kept"):
        assert kept in page


def test_dates_out_of_order_are_named_at_the_later_one(client: PageClient) -> None:
    client.get("/audits/new")
    page = client.post("/audits/new", PLANNED | {"close_on": ["17", "12", "2026"]}, status=422).text
    assert 'href="#close_on">Returns cannot close before Friday 18 December 2026' in page


def test_a_title_twice_is_refused_on_the_page(client: PageClient, make: Maker) -> None:
    make.audit(title="Neglect")
    client.get("/audits/new")
    assert "called “Neglect” already" in client.post("/audits/new", PLANNED, status=422).text


def test_an_issued_audit_keeps_its_days_while_its_words_change(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit()
    page = client.get(f"/audits/{audit.id}/edit").text
    assert 'name="due_on"' not in page
    assert "This audit has been issued." in page
    client.post(f"/audits/{audit.id}/edit", {"title": "Other words", "chasers": "0"})
    session.expire_all()
    assert (audit.title, audit.due_on, audit.form_id) == ("Other words", date(2026, 12, 18), FORM)


def test_a_case_has_no_box_for_an_identity(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=0, issued=False)
    page = client.get(f"/audits/{audit.id}/cases/add").text
    assert 'name="name"' not in page
    assert "birth" not in page.replace("a birth date", "")


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
    page = client.post(f"{there}/{case.id}", typed | {"age": "6"}, status=422).text
    assert "“6” has no unit: write 6 years or 6 months" in page
    client.post(f"{there}/{case.id}", typed | {"age": "unborn"})
    assert "unborn" in client.get(there).text
    assert "Child 1 removed." in client.follow(client.post(f"{there}/{case.id}/remove")).text


def test_a_pseudonym_twice_is_refused_on_the_page(client: PageClient, make: Maker) -> None:
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


def test_a_case_asked_about_is_not_removed(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1)
    client.get(f"/audits/{audit.id}/cases/{audit.cases[0].id}")
    page = client.post(f"/audits/{audit.id}/cases/{audit.cases[0].id}/remove", status=409).text
    assert "Agencies have been asked about Child 1" in page
    assert "withdraw it there" in page


def test_a_case_of_another_audit_is_not_found(client: PageClient, make: Maker) -> None:
    one, other = make.audit(issued=False), make.audit(issued=False)
    client.get(f"/audits/{one.id}/cases/{other.cases[0].id}", status=404)


def test_an_agency_without_contact_is_pointed_out_at_its_column(client: PageClient, make: Maker) -> None:
    audit = make.audit(agencies=[make.agency(contact=None)], issued=False)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert page.count("Nobody to ask") == 1


def test_issued_cells_are_locked_and_a_page_without_them_is_refused(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert page.count(" disabled>") == 2
    assert page.count('type="hidden" name="cell"') == 2
    page = client.post(f"/audits/{audit.id}/grid", {"cell": []}, status=409).text
    assert "so that stays ticked" in page
    assert "withdraw it there" in page


def test_a_cell_that_is_none_is_left_out(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    client.get(f"/audits/{audit.id}/grid")
    page = client.follow(
        client.post(f"/audits/{audit.id}/grid", {"cell": ["", "x:y", "1"], "next": "grid"})
    ).text
    assert "0 cases, 0 agencies, 0 requests" in page
    client.post(f"/audits/{audit.id}/grid", {"cell": ["999:999"]}, status=409)


def test_the_grid_of_fifteen_by_nine_is_a_handful_of_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit_id = make.audit(cases=15, agencies=9, issued=False).id
    with queries(10):
        page = client.get(f"/audits/{audit_id}/grid").text
    assert "15 cases, 9 agencies, 135 requests" in page


def test_a_tick_that_no_page_of_ours_sends_is_none(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    cells = ["9" * 5_000 + ":1", "1:" + "9" * 10, "²:1", "1", "a:b"]
    client.post(f"/audits/{audit.id}/grid", {"cell": cells, "next": "grid"})


def test_two_managers_at_one_grid_keep_both_ticks(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    path = f"/audits/{audit.id}/grid"
    first, second, *rest = [f"{each.case_id}:{each.agency_id}" for each in sorted(ticked_cells(audit))]
    page = client.get(path)
    seen = re.findall('name="seen" value="([^"]*)"', page.text)
    client.post(path, {"cell": [second, *rest], "seen": seen})
    answer = client.post(path, {"cell": [first, *rest], "seen": seen, "next": "set-up"})
    assert answer.headers["Location"] == path
    assert "Someone else changed the grid after you opened it." in client.follow(answer).text
    session.expire_all()
    assert [f"{each.case_id}:{each.agency_id}" for each in sorted(ticked_cells(audit))] == rest


def test_two_managers_at_one_audit_are_told_of_each_other(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, issued=False)
    path = f"/audits/{audit.id}/edit"
    page = client.get(path).text
    fields = {
        "title": audit.title,
        "form_id": audit.form_id,
        "chasers": "-5, 0, 3, 7",
        "seen": re.findall('name="seen" value="([^"]*)"', page)[0],
    }
    client.post(path, {**fields, "aim": "Theirs."})
    refused = client.post(path, {**fields, "aim": "Mine."}, status=422)
    assert "it now says “Theirs.”" in refused.text
    assert "Mine.</textarea>" in refused.text
    again = re.findall('name="seen" value="([^"]*)"', refused.text)[0]
    client.post(path, {**fields, "aim": "Mine.", "seen": again})
    assert "Mine." in client.get(path).text


def test_a_year_too_far_ahead_is_named_on_the_page(client: PageClient) -> None:
    form = {"title": "Far", "form_id": FORM, "chasers": "0", "due_on": ["18", "12", "2099"]}
    page = client.post("/audits/new", form, status=422)
    assert "Friday 18 December 2099 is more than five years ahead." in page.text


def test_two_who_correct_one_case_see_each_others(client: PageClient, make: Maker, session: Session) -> None:
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
