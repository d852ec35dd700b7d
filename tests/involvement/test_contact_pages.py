"""The page of a contact who says which children their agency knew."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.access.codes import code_digits
from surveyapp.answering.models import Code
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.queries import involvement_answers, ticked_cells
from surveyapp.planning.models import Audit
from tests.involvement.conftest import ACTING, AskedContact, grants_of, seen_by
from tests.page_client import PageClient

Contacts = Callable[[], list[AskedContact]]


def test_opening_the_link_changes_nothing_and_names_no_child(
    asked: Audit, contacts: Contacts, session: Session
) -> None:
    contact = contacts()[1]
    page = contact.browser.get(f"/r/{contact.token}/").text
    assert "For Northside Police: which of 3 children did your agency know?" in page
    assert "Child 1" not in page
    contact.browser.get(contact.path, status=404)
    session.expire_all()
    assert grants_of(asked)[1].started_at is None


def test_a_contact_says_which_children_the_agency_knew_and_changes_it(
    asked: Audit, contacts: Contacts
) -> None:
    contact, police = contacts()[1], grants_of(asked)[1].contact.agency_id
    ids = [case.id for case in asked.cases]
    assert "0 of 3 children answered." in contact.starts()
    page = contact.browser.follow(contact.saves({ids[0]: "known", ids[1]: "not_known"})).text
    assert "Saved: 2 of 3 children answered." in page
    assert page.count(" checked") == 2
    assert {TickedCell(ids[0], police), TickedCell(ids[2], police)} == {
        cell for cell in ticked_cells(asked) if cell.agency_id == police
    }
    page = contact.browser.follow(contact.saves({ids[0]: "relative_only"}, rest="not_known")).text
    assert "You have answered about every child" in page
    assert [answer for _, answer in sorted(involvement_answers(asked).items())] == [
        "relative_only",
        "not_known",
        "not_known",
    ]


def test_two_people_on_one_link_see_what_the_other_chose_and_lose_nothing(
    asked: Audit, contacts: Contacts
) -> None:
    one, other = contacts()[1], contacts()[1]
    name = f"child-{asked.cases[0].id}"
    pages = [person.starts() for person in (one, other)]
    one.browser.post(one.path, {**seen_by(pages[0]), name: "known"})
    page = other.browser.post(other.path, {**seen_by(pages[1]), name: "not_known"}, status=409).text
    assert "A colleague has answered with the same link" in page
    assert "Your colleague chose: Known." in page
    assert re.search(f'name="{name}" type="radio" value="not_known" checked', page)
    other.browser.post(other.path, {**seen_by(page), name: "not_known"})
    assert list(involvement_answers(asked).values()) == ["not_known"]


def test_the_link_of_one_agency_does_not_open_the_page_of_another(contacts: Contacts) -> None:
    health, police = contacts()
    health.starts()
    health.browser.get(police.path, status=404)
    health.browser.post(police.path, {"seen": ""}, status=404)
    health.browser.get("/involvement/abc/", status=404)


def test_an_expired_page_keeps_what_was_chosen(asked: Audit, contacts: Contacts) -> None:
    contact = contacts()[1]
    contact.starts()
    name = f"child-{asked.cases[0].id}"
    page = contact.browser.post(contact.path, {name: "known", "csrf_token": "old"}, status=400).text
    assert "nothing is saved yet" in page
    assert re.search(f'name="{name}" type="radio" value="known" checked', page)
    assert not involvement_answers(asked)


def test_after_the_issue_the_page_says_so_and_stores_nothing(asked: Audit, contacts: Contacts) -> None:
    contact = contacts()[1]
    page = contact.starts()
    with transaction():
        issue_requests(asked, **ACTING)
    shown = contact.browser.get(contact.path).text
    assert "The audit has begun" in shown
    assert "See your returns" in shown
    posted = {**seen_by(page), f"child-{asked.cases[0].id}": "not_known"}
    assert "The audit has begun" in contact.browser.post(contact.path, posted, status=409).text
    assert not involvement_answers(asked)
    landing = contact.browser.get(f"/r/{contact.token}/").text
    assert "For Northside Police: 3 returns" in landing, "the same link opens the returns"


def test_where_the_audit_asks_for_a_code_no_child_is_shown_without_it(
    app: Flask, asked: Audit, session: Session
) -> None:
    asked.ask_for_code = True
    session.commit()
    contact = AskedContact(app, grants_of(asked)[1])
    page = contact.starts()
    contact.browser.get(contact.path, status=303)
    code_page = contact.browser.get(f"{contact.path}code").text
    assert "Check your email" in code_page
    assert "Child 1" not in page + code_page
    contact.browser.post(contact.path, {f"child-{asked.cases[0].id}": "known"})
    assert not involvement_answers(asked)
    contact.browser.post(f"{contact.path}code", {"proof-code": "00000000"}, status=422)
    code = session.query(Code).one()
    right = code_digits(code.random_id, keys().link[0])
    session.rollback()
    contact.browser.post(f"{contact.path}code", {"proof-code": right})
    assert "Child 1" in contact.browser.get(contact.path).text
    contact.browser.get(f"{contact.path}code", status=303)


def test_another_code_is_sent_when_it_is_asked_for(app: Flask, asked: Audit, session: Session) -> None:
    asked.ask_for_code = True
    session.commit()
    contact = AskedContact(app, grants_of(asked)[1])
    contact.starts()
    for _ in range(3):
        session.query(Code).update({"created_at": ACTING["now"].replace(hour=8, minute=50)})
        session.commit()
        contact.browser.post(f"{contact.path}code/send")
    assert session.query(Code).count() == 4
    session.query(Code).update({"created_at": ACTING["now"].replace(hour=8, minute=50)})
    session.commit()
    assert "Enough codes" in contact.browser.post(f"{contact.path}code/send", status=429).text


def test_a_stranger_reads_nothing(stranger: PageClient, contacts: Contacts) -> None:
    for contact in contacts():
        for page in ("", "code"):
            assert "Child 1" not in stranger.get(contact.path + page, status=404).text
