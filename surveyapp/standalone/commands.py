"""Commands that only the standalone app has: accounts of staff, and the demonstration's account."""

import os
import secrets
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from surveyapp.commands import demo as loading
from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, Refused, SurveyError
from surveyapp.foundation.private_files import open_private_file
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.actor import ADMINISTRATOR, STAFF_ROLES, roles_in_words
from surveyapp.foundation.words.email_addresses import clean_address
from surveyapp.standalone.links.staff_links import JOIN, NEW_PASSWORD, address_of
from surveyapp.standalone.links.staff_links import make_link as make_staff_link
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import add_staff, reset_account

DEMONSTRATION_ACCOUNT = ("Ann Lee", "manager@partnership.example")
# One person runs most partnerships’ audits, beside another job.
FIRST_ROLES = (STAFF_ROLES[0], ADMINISTRATOR)

staff = AppGroup("staff", help="Accounts of the people of the partnership.")


@staff.command("add")
@click.argument("email")
@click.option("--name", prompt="Name of the person", help="Name of the person, as pages and the log show it.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(STAFF_ROLES),
    multiple=True,
    help="What they may do; may be given several times. The first account is for a business manager who "
    "administers accounts too, any other for a business manager.",
)
@click.option(
    "--make-link",
    is_flag=True,
    help="Print a link at which the person chooses the password, instead of asking for one.",
)
@requires_current_schema
def add_account(email: str, name: str, roles: tuple[str, ...], *, make_link: bool) -> None:
    """Add an account; asks for the name and the password, or prints a link."""
    password = "" if make_link else _read_password()
    try:
        with transaction():
            is_first = session.scalar(select(Staff.id).limit(1)) is None
            usual = FIRST_ROLES if is_first else FIRST_ROLES[:1]
            account = add_staff(name, email, password, roles=roles or usual, now=clock.now())
            link = _link(account, JOIN) if make_link else ""
    except FieldRefused as error:
        raise Refused(f"{error.message}.") from None
    words = roles_in_words(account.role_set)
    click.echo(f"{account.name} can sign in with {account.email} as {words[:1].lower()}{words[1:]}.")
    if make_link:
        click.echo(f"They first choose a password at this link, once and within three days: {link}")


@staff.command("reset")
@click.argument("email")
@click.option(
    "--make-link",
    is_flag=True,
    help="Print a link at which the person chooses the password, instead of asking for one.",
)
@requires_current_schema
def reset(email: str, *, make_link: bool) -> None:
    """Set an account's password, take its second factor away, end its sessions and let it in again."""
    account = session.scalar(select(Staff).where(Staff.email == clean_address(email).lower()))
    if account is None:
        raise SurveyError("There is no account with this address.")
    password = "" if make_link else _read_password()
    with transaction():
        reset_account(account, password, now=clock.now())
        link = _link(account, NEW_PASSWORD) if make_link else ""
    click.echo(f"{account.name} can sign in with {account.email}. Signing in asks for no second factor.")
    if make_link:
        click.echo(f"They first choose a password at this link, once and within an hour: {link}")


def _link(account: Staff, purpose: str) -> str:
    return address_of(make_staff_link(account, purpose, now=clock.now()))


def _read_password() -> str:
    """A password from the terminal, or from a script on standard input. Raises Refused for none."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Refused(
            "Nobody typed a password.", way_on="Send it on standard input, or print a link by --make-link."
        )
    return password


@click.command("demo", help=loading.demo.help, params=loading.demo.params)
@click.pass_context
def demo(context: click.Context, /, **options: object) -> None:
    """Load the demonstration, and print the account for signing in."""
    context.invoke(loading.demo, **options)
    _show_account()


@requires_current_schema
def _show_account() -> None:
    password_file = Path(settings().key_file).with_name("demonstration-sign-in.txt")
    account = session.scalar(select(Staff).where(Staff.email == DEMONSTRATION_ACCOUNT[1]))
    if account is None or not password_file.exists():
        password = secrets.token_urlsafe(12)
        with transaction():
            if account is None:
                add_staff(*DEMONSTRATION_ACCOUNT, password, roles=FIRST_ROLES, now=clock.now())
            else:
                reset_account(account, password, now=clock.now())
        # Beside the keys and readable by the owner only, so that the next start can print it again.
        with os.fdopen(open_private_file(password_file), "w", encoding="utf-8") as file:
            file.write(password + "\n")
    password = password_file.read_text(encoding="utf-8").strip()
    click.echo(f"Sign in as {DEMONSTRATION_ACCOUNT[1]} with the password {password}")
