"""Commands of the standalone app alone: accounts of the people who sign in."""

import copy
import secrets
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.standalone.models import STAFF_ROLES, Staff
from surveyapp.standalone.operations import add_staff, change_password

DEMONSTRATION_ACCOUNT = "manager@partnership.example"


def add_commands(app: Flask) -> None:
    """Give this app's `survey` the command `staff`, and a demonstration that can be signed in to.

    A copy, because a host in the same process has the same group and no accounts of ours.
    """
    group = copy.copy(app.cli.commands["survey"])
    if not isinstance(group, click.Group):
        raise TypeError(group)
    group.commands = {**group.commands, "staff": staff, "demo": _with_account(group.commands["demo"])}
    app.cli.add_command(group, "survey")


staff = AppGroup("staff", help="Accounts of the people of the partnership.")


@staff.command("add")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(STAFF_ROLES),
    default=STAFF_ROLES[0],
    show_default=True,
    help="What they may do.",
)
@click.option(
    "--make-password", is_flag=True, help="Make a password and print it, instead of asking for one."
)
@requires_current_schema
def add_account(email: str, role: str, *, make_password: bool) -> None:
    """Add an account; asks for its password, or makes one."""
    password = secrets.token_urlsafe(15) if make_password else _read_password()
    with transaction():
        made = add_staff(email, password, role=role, now=clock.now())
    click.echo(f"{made.email} can sign in as {role.replace('_', ' ')}.")
    if make_password:
        click.echo(f"Password: {password}")


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _with_account(command: click.Command) -> click.Command:
    """The demonstration, followed by who can sign in to look at it."""

    @click.command("demo", help=command.help, short_help=command.short_help, params=command.params)
    @click.pass_context
    def demo(context: click.Context, /, **options: object) -> None:
        context.invoke(command, **options)
        _show_account()

    return demo


@requires_current_schema
def _show_account() -> None:
    kept = Path(settings().key_file).with_name("demonstration-sign-in.txt")
    account = session.scalar(select(Staff).where(Staff.email == DEMONSTRATION_ACCOUNT))
    if account is None or not kept.exists():
        password = secrets.token_urlsafe(12)
        with transaction():
            if account is None:
                add_staff(DEMONSTRATION_ACCOUNT, password, role=STAFF_ROLES[0], now=clock.now())
            else:
                change_password(account, password, now=clock.now())
        # Beside the keys and as hidden as they are, so that the next start can say it again.
        kept.touch(mode=0o600)
        kept.write_text(password + "\n", encoding="utf-8")
    click.echo(
        f"Sign in as {DEMONSTRATION_ACCOUNT} with the password {kept.read_text(encoding='utf-8').strip()}"
    )
