"""The staff page: inviting, roles, suspending, signing out; for administrators only."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.models import Outbox
from surveyapp.standalone.links.staff_links import address_of
from surveyapp.standalone.models import Staff, StaffLink
from tests.accounts import PASSWORD, person
from tests.page_client import MANAGER_NAME, PageClient

BO = {"name": "Bo Finch", "email": "bo@partnership.example", "roles": ["audit_lead"]}


def path_of_link(session: Session) -> str:
    """The path of the link that was made last."""
    link = session.scalars(select(StaffLink).order_by(StaffLink.id.desc())).first()
    assert link is not None
    return "/" + address_of(link).split("/", maxsplit=3)[3]


@pytest.mark.slow
def test_an_invited_person_joins_with_a_name_and_password_of_their_own(
    client: PageClient, stranger: PageClient, session: Session, outbox: Callable[[], list[Outbox]]
) -> None:
    client.get("/staff/invite")
    client.follow(client.post("/staff/invite", BO))
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [("staff_join", BO["email"])]
    path = path_of_link(session)
    for _ in range(2):
        assert "Set up your account" in stranger.get(path).text
    assert (
        "easy to guess" in stranger.post(path, {"name": "Bo F", "password": "bofinch12345"}, status=422).text
    )
    page = stranger.post(path, {"name": MANAGER_NAME, "password": PASSWORD}, status=422).text
    assert f"There is, or was, another {MANAGER_NAME}" in page
    stranger.post(path, {"name": "Bo Finch-Lee", "password": PASSWORD})
    stranger.get(path, status=404)
    stranger.get("/sign-in")
    stranger.post(path, {"name": "Bo", "password": PASSWORD}, status=404)
    answer = stranger.post("/sign-in", {"email": BO["email"], "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    stranger.get("/audits")
    page = client.get("/staff").text
    assert "Bo Finch-Lee" in page
    assert "Audit lead" in page
    stranger.get("/staff", status=403)
    assert ">Staff<" not in stranger.get("/audits").text
    assert ">Staff<" in client.get("/audits").text


def test_an_invitation_ends_after_three_days_by_a_newer_one_and_by_suspending(
    client: PageClient, stranger: PageClient, session: Session, clock: time_machine.Traveller
) -> None:
    client.post("/staff/invite", BO)
    first = path_of_link(session)
    bo = session.scalars(select(Staff).where(Staff.email == BO["email"])).one()
    address = f"/staff/{bo.id}"
    clock.shift(timedelta(minutes=1))
    client.post(f"{address}/invite-again")
    second = path_of_link(session)
    stranger.get(first, status=404)
    stranger.get(second)
    stranger.get(f"{second[:-1]}x", status=404)
    stranger.get(f"/new-password/{second.rpartition('/')[2]}", status=404)
    client.post(f"{address}/suspend")
    stranger.get(second, status=404)
    client.post(f"{address}/reinstate")
    client.post(f"{address}/invite-again")
    third = path_of_link(session)
    clock.shift(timedelta(days=3, seconds=-1))
    stranger.get(third)
    clock.shift(timedelta(seconds=1))
    stranger.get(third, status=404)
    client.sign_in()
    assert "Invitation ended" in client.get("/staff").text


def test_what_is_typed_wrong_is_said_beside_the_field(client: PageClient) -> None:
    page = client.post("/staff/invite", {"name": "", "email": "bo", "roles": []}, status=422).text
    for sentence in ("Enter the person’s name", "is not an email address", "Choose at least one role"):
        assert sentence in page
    taken = {**BO, "email": "manager@partnership.example"}
    page = client.post("/staff/invite", taken, status=422).text
    assert "manager@partnership.example has an account already" in page
    assert 'value="Bo Finch"' in page
    assert 'value="audit_lead" checked' in page
    page = client.post("/staff/invite", {**BO, "name": MANAGER_NAME.upper()}, status=422).text
    assert "There is, or was, another" in page


def test_a_person_is_renamed_and_given_roles_which_hold_at_once(
    app: Flask, client: PageClient, session: Session
) -> None:
    bo = person()
    address, browser = f"/staff/{bo.id}", PageClient(app)
    browser.sign_in_as(bo)
    browser.get("/staff", status=403)
    page = client.get(address).text
    assert 'value="executive" checked' in page
    client.post(address, {"name": "Bo Lee", "roles": ["administrator"]})
    assert "Bo Lee" in browser.get("/staff").text
    page = client.post(address, {"name": "Bo Lee", "roles": ["queen"]}, status=422).text
    assert "There is no role “queen”" in page
    own = session.scalars(select(Staff.id).where(Staff.name == MANAGER_NAME)).one()
    assert "Suspend" not in client.get(f"/staff/{own}").text


def test_a_suspended_person_is_signed_out_and_gets_the_answer_of_a_wrong_password(
    app: Flask, client: PageClient
) -> None:
    bo = person()
    browser = PageClient(app)
    browser.sign_in_as(bo)
    address, email = f"/staff/{bo.id}", bo.email
    client.post(f"{address}/suspend")
    browser.get("/audits", status=302)
    browser.get("/sign-in")
    page = browser.post("/sign-in", {"email": email, "password": PASSWORD}, status=422).text
    assert "The email address or the password is not right" in page
    client.post(f"{address}/reinstate")
    browser.post("/sign-in", {"email": email, "password": PASSWORD})
    browser.get("/audits")
    client.post(f"{address}/sign-out")
    browser.get("/audits", status=302)


def test_an_administrator_ends_one_session_of_the_person_and_no_other(
    app: Flask, client: PageClient, session: Session
) -> None:
    bo = person()
    browsers = [PageClient(app), PageClient(app)]
    for browser in browsers:
        browser.sign_in_as(bo)
    address, own = f"/staff/{bo.id}", session.scalars(select(Staff.id).where(Staff.id != bo.id)).one()
    page = client.get(address).text
    numbers = [piece.split("/", maxsplit=1)[0] for piece in page.split(f"{address}/sessions/")[1:]]
    assert len(numbers) == 2
    client.post(f"/staff/{own}/sessions/{numbers[0]}/end", status=404)
    client.post(f"{address}/sessions/{numbers[0]}/end")
    browsers[0].get("/audits")
    browsers[1].get("/audits", status=302)


def test_the_list_takes_the_same_statements_for_many(
    client: PageClient, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    for number in range(12):
        person(f"Person {'abcdefghijkl'[number]}")
    with queries(5):
        client.get("/staff")
