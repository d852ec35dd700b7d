"""The pages of an audit’s details and set-up."""

import html
import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.settings import settings
from surveyapp.planning.models import Audit, Case
from tests.page_client import PageClient
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
    assert "Audit planned. Nobody is asked before you issue it." in page
    assert "Paste or upload the cases" in page, "the next step"
    page = client.get("/audits/1/set-up").text
    assert "Neglect: set up" in page
    assert "The audit has no cases yet." in page
    assert "Add the cases" in page
    assert "Friday 11 December 2026" in page, "the first chaser, five working days before"
    audit = session.scalars(select(Audit)).one()
    assert (audit.due_on, audit.chasers, audit.escalate_from) == (date(2026, 12, 18), [-5, 0, 3, 7], 3)
    there = f"/audits/{audit.id}"
    client.get(f"{there}/cases")
    page = client.follow(client.post(f"{there}/cases/several", {"first": "Child 1", "last": "Child 15"})).text
    assert "15 cases." in page
    assert "Choose first which agencies" in client.get(f"{there}/grid").text
    page = client.get(f"{there}/grid/agencies").text
    assert page.count(" checked") == 1, "a small directory is ticked whole"
    page = client.follow(client.post(f"{there}/grid/agencies", {"agency": "1", "next": "grid"})).text
    assert "1 agency in the grid." in page
    assert page.count('type="checkbox"') == 15
    assert "0 cases, 0 agencies, 0 requests" in page
    cells = [f"{case.id}:1" for case in session.scalars(select(Case).order_by(Case.id))]
    page = client.follow(client.post(f"{there}/grid", {"cell": cells[:14], "next": "grid"})).text
    assert "14 cases, 1 agency, 14 requests" in page
    assert page.count("No agency ticked") == 1
    page = client.follow(client.post(f"{there}/grid", {"cell": cells, "next": "on"})).text
    assert "You are about to ask 1 person for 15 returns." in page
    page = client.get(f"{there}/set-up").text
    assert "15 cases, 1 agency, 15 requests" in page
    assert "Ready" in page


def test_dates_on_days_off_are_noted_on_the_set_up_page(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False, close_on=date(2027, 1, 16))
    page = client.get(f"/audits/{audit.id}/set-up").text
    assert "Returns close on Saturday 16 January 2027, which is not a working day." in page


def test_the_set_up_page_shows_the_authority_that_contacts_will_read(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    audit.key_message = "Secure message of 1 December"
    session.commit()
    page = client.get(f"/audits/{audit.id}/set-up").text
    assert str(settings().authority) in html.unescape(page)
    assert "Secure message of 1 December" in page


def test_the_days_of_an_audit_may_have_their_month_in_words(client: PageClient) -> None:
    client.get("/audits/new")
    days = {
        "issue_on": ["1", "December", "2026"],
        "due_on": ["18", "Dec", "2026"],
        "close_on": ["15th January 2027", "", ""],
    }
    typed = {"title": "Winter", "form_id": FORM, "chasers": "", **days}
    client.post("/audits/new", typed)
    page = client.get("/audits/1/set-up").text
    for day in ("Tuesday 1 December 2026", "Friday 18 December 2026", "Friday 15 January 2027"):
        assert day in page


def test_an_audit_can_be_planned_without_days(client: PageClient) -> None:
    client.get("/audits/new")
    client.post("/audits/new", {"title": "Later", "form_id": FORM, "chasers": ""})
    page = client.get("/audits/1/set-up").text
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
        "Issue on: enter a real day, like 1 12 2026 or 1 December 2026",
        "Return by: enter the year in four figures, like 2026",
        "“three” is not a number of working days: tick the days again",
    ):
        assert words in page
    for kept in ('value="31"', "Kept"):
        assert kept in page


def test_dates_out_of_order_are_named_at_the_later_one(client: PageClient) -> None:
    client.get("/audits/new")
    page = client.post("/audits/new", PLANNED | {"close_on": ["17", "12", "2026"]}, status=422).text
    assert 'href="#close_on">Returns cannot close before Friday 18 December 2026' in page


def test_a_taken_title_is_refused_on_the_page(client: PageClient, make: Maker) -> None:
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


def test_two_managers_who_change_one_audit_see_the_conflict(client: PageClient, make: Maker) -> None:
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


@pytest.mark.parametrize(("chosen", "stored"), [("yes", True), ("no", False), ("as_needed", None)])
def test_staff_choose_when_a_code_is_asked_for(
    client: PageClient, session: Session, make: Maker, chosen: str, *, stored: bool | None
) -> None:
    audit = make.audit(issued=False)
    audit.ask_for_code = not stored
    session.commit()
    path = f"/audits/{audit.id}/edit"
    said = {
        "title": audit.title,
        "form_id": audit.form_id,
        "chasers": "-5, 0, 3, 7",
        "issue_on": ["30", "11", "2026"],
        "due_on": ["18", "12", "2026"],
        "close_on": ["15", "1", "2027"],
    }
    client.get(path)
    client.post(path, {**said, "ask_for_code": chosen})
    session.refresh(audit)
    assert audit.ask_for_code is stored
    assert f'value="{chosen}" checked' in client.get(path).text
    # A page that was opened before the question existed does not change its answer.
    client.post(path, said)
    session.refresh(audit)
    assert audit.ask_for_code is stored
    assert (
        "Choose when agencies are asked" in client.post(path, {**said, "ask_for_code": "x"}, status=422).text
    )


def test_days_lead_to_the_next_ones_and_to_their_chasers_without_being_stored(
    client: PageClient, session: Session
) -> None:
    page = client.get("/audits/new").text
    shown = re.findall('name="shown_days" value="([^"]*)"', page)[0]
    assert shown == "2026-11-30 2026-12-21"
    typed = {
        "title": "Neglect",
        "issue_on": ["1", "12", "2026"],
        "due_on": ["21", "12", "2026"],
        "close_on": ["7", "1", "2027"],
        "chasers": ["-5", "0", "10"],
        "shown_days": shown,
        "next": "days",
    }
    page = client.post("/audits/new", typed, status=200).text
    assert re.findall('id="due_on[^"]*" name="due_on" type="text" value="([^"]*)"', page) == [
        "22",
        "12",
        "2026",
    ]
    assert re.findall('id="close_on[^"]*" name="close_on" type="text" value="([^"]*)"', page) == [
        "8",
        "1",
        "2027",
    ]
    assert "Tuesday 15 December 2026: 5 working days before the day to return by" in page
    assert re.findall('name="chasers" type="checkbox" value="([^"]*)" checked', page) == ["-5", "0", "10"]
    # A day that somebody chose stays, and is said beside its field when it is none to work on.
    chosen = {**typed, "due_on": ["19", "12", "2026"], "close_on": ["18", "12", "2026"]}
    page = client.post("/audits/new", chosen, status=200).text
    assert "Returns are asked for by Saturday 19 December 2026, which is not a working day." in page
    assert "Returns cannot close before Saturday 19 December 2026, when they are due." in page
    assert "Nothing is sent on Wednesday 6 January 2027" in page
    assert session.scalars(select(Audit)).all() == []


def test_the_days_may_be_left_open_with_one_tick(client: PageClient, session: Session) -> None:
    client.get("/audits/new")
    client.post("/audits/new", {**PLANNED, "days_open": "y"})
    audit = session.scalars(select(Audit)).one()
    assert (audit.issue_on, audit.due_on, audit.close_on, audit.closes_at) == (None, None, None, None)
    page = client.get(f"/audits/{audit.id}/edit").text
    assert "5 working days before the day to return by</label>" in page
    assert re.findall('name="chasers" type="checkbox" value="([^"]*)" checked', page) == ["-5", "0", "3", "7"]


def test_chasers_are_ticked_days_of_an_issued_audit_too(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit()
    path = f"/audits/{audit.id}/edit"
    assert 'value="-5" checked' in client.get(path).text
    client.post(path, {"title": audit.title, "chasers": ["-1", "4"], "escalate_from": "4"})
    session.expire_all()
    assert (audit.chasers, audit.escalate_from) == ([-1, 4], 4)
    assert '<option value="4" selected>' in client.get(path).text


def test_the_second_manager_reads_what_the_first_changed_and_both_stay(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, issued=False)
    path = f"/audits/{audit.id}/edit"
    seen = re.findall('name="seen" value="([^"]*)"', client.get(path).text)[0]
    fields = {
        "title": audit.title,
        "form_id": audit.form_id,
        "issue_on": ["30", "11", "2026"],
        "due_on": ["18", "12", "2026"],
        "close_on": ["15", "1", "2027"],
        "chasers": ["-5", "0", "3", "7"],
        "seen": seen,
    }
    client.post(path, {**fields, "aim": "Theirs.", "chasers": ["0"]})
    page = client.follow(client.post(path, {**fields, "aim": "", "theme": "Mine."})).text
    assert "Someone else changed this too, and it stays: “Aim” and “Chasers”." in page
    session.expire_all()
    assert (audit.aim, audit.theme, audit.chasers) == ("Theirs.", "Mine.", [0])
    page = client.post(path, {**fields, "chasers": ["3"]}, status=422).text
    assert "it now says “on the day to return by”" in page
