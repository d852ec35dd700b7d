"""Tells a process that serves web requests from one that runs a command."""

import click
from flask.cli import FlaskGroup


def is_serving() -> bool:
    """True unless a `flask` command other than `run` is running."""
    command = click.get_current_context(silent=True)
    if command is None or not isinstance(command.find_root().command, FlaskGroup):
        return True
    return command.info_name == "run"
