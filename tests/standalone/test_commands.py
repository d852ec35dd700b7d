"""`staff add`, which only the standalone app has."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.commands import survey_group
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import account_with_address
from surveyapp.standalone.passwords.password_hashes import is_password_right
from tests.accounts import person
from tests.page_client import PageClient


def can_sign_in(address: str, password: str) -> bool:
    account = account_with_address(address)
    return account is not None and is_password_right(account.password_hash, password, on_known_device=False)


def staff_rows() -> list[tuple[str, str]]:
    rows = [(row.email, row.password_hash) for row in session.scalars(select(Staff).order_by(Staff.id))]
    session.rollback()
    return rows


@pytest.mark.slow
def test_an_account_is_added_with_a_typed_password(app: Flask) -> None:
    typed = "fifteen and more\n"
    result = app.test_cli_runner().invoke(
        args=["survey", "staff", "add", "ann@partnership.example"], input=f"Ann Lee\n{typed}"
    )
    assert result.exit_code == 0, result.output
    assert (
        "Ann Lee can sign in with ann@partnership.example as business manager and administrator."
        in result.stdout
    )
    assert typed.strip() not in result.stdout
    assert can_sign_in("ann@partnership.example", "fifteen and more")


@pytest.mark.parametrize("command", ["add", "reset"])
def test_no_password_on_standard_input_is_refused_and_changes_nothing(app: Flask, command: str) -> None:
    person("Ann Lee")
    before = staff_rows()
    words = {"add": ["new@partnership.example", "--name", "Bo Finch"], "reset": [before[0][0]]}[command]
    result = app.test_cli_runner().invoke(args=["survey", "staff", command, *words])
    assert result.exit_code == 1
    assert (
        "Nobody typed a password. Send it on standard input, or print a link by --make-link." in result.stderr
    )
    assert staff_rows() == before


@pytest.mark.parametrize("role", ["executive", "business_manager"])
def test_an_address_that_cannot_be_sent_to_is_refused(app: Flask, role: str) -> None:
    words = ["survey", "staff", "add", "<ann@partnership.example>", "--role", role, "--make-link"]
    words += ["--name", "Ann Lee"]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 1
    assert "stands between < and >: write ann@partnership.example." in result.stderr


@pytest.mark.slow
def test_an_account_is_added_whose_password_is_chosen_once_at_a_link_that_is_printed(app: Flask) -> None:
    words = ["survey", "staff", "add", "ann@partnership.example", "--role", "executive", "--make-link"]
    words += ["--name", "Ann Lee"]
    result = app.test_cli_runner().invoke(args=words)
    link = result.stdout.rpartition("http://127.0.0.1:5000")[2].strip()
    typed = {"name": "Ann Lee", "password": "fifteen and more"}
    ann = PageClient(app)
    ann.get(link)
    ann.post(link, typed)
    assert can_sign_in("ann@partnership.example", "fifteen and more")
    ann.get("/sign-in")
    ann.post(link, typed, status=404)


@pytest.mark.slow
def test_whoever_has_lost_everything_is_let_in_again(app: Flask, session: Session) -> None:
    bo = person()
    bo.suspended_at, bo.totp_key = clock.now(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    browser, epoch = PageClient(app), bo.session_epoch
    browser.sign_in_as(bo)
    address = bo.email
    session.rollback()
    result = app.test_cli_runner().invoke(args=["survey", "staff", "reset", address, "--make-link"])
    assert result.exit_code == 0, result.output
    link = result.stdout.rpartition("http://127.0.0.1:5000")[2].strip()
    browser.get(link)
    browser.post(link, {"password": "fifteen and more"})
    assert can_sign_in(address, "fifteen and more")
    session.rollback()
    session.refresh(bo)
    found: list[object] = [bo.suspended_at, bo.totp_key, bo.session_epoch]
    assert found == [None, None, epoch + 2]
    browser.get("/audits", status=302)
    events = session.scalars(select(Event.detail).where(Event.action == "reset_account")).all()
    assert events == ["Bo Finch"]
    session.rollback()
    result = app.test_cli_runner().invoke(args=["survey", "staff", "reset", "nobody@partnership.example"])
    assert result.exit_code == 1
    assert "There is no account with this address." in result.stderr


def test_a_host_has_no_accounts_of_ours() -> None:
    assert "staff" not in survey_group().listed
