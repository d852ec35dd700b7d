"""Whether this process is to answer people, or to run one command and end."""

import click
from flask.cli import FlaskGroup


def is_serving() -> bool:
    """Whether this process serves pages: under no `flask` command, or under Flask’s own `run`."""
    command = click.get_current_context(silent=True)
    if command is None or not isinstance(command.find_root().command, FlaskGroup):
        return True
    return command.info_name == "run"
