"""A group of commands that imports the file of a command when that command is run, and not to list it."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

import click
from flask.cli import AppGroup

from surveyapp.foundation.private_files import keep_new_files_private


@dataclass(frozen=True)
class ListedCommand:
    """A command as its group lists it: its name, the module and the function there, and what it does."""

    name: str
    module: str
    function: str
    summary: str

    def load(self) -> click.Command:
        """Import the command."""
        command = getattr(import_module(self.module), self.function)
        if not isinstance(command, click.Command):
            raise TypeError(command)
        return command


class LateGroup(AppGroup):
    """A group that knows its commands by a list of them; others may be added as to any group of click’s."""

    def __init__(self, name: str, listed: Iterable[ListedCommand], *, help: str) -> None:  # noqa: A002 — click’s word
        """`help` is the sentence at the top of the group’s own help.

        A command runs in a process of its own, also in a host: what it writes is for whoever runs it.
        """
        super().__init__(name, help=help, callback=keep_new_files_private)
        self.listed = {command.name: command for command in listed}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *self.listed})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is none of that name."""
        listed = self.listed.get(cmd_name)
        return listed.load() if listed else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        summaries = {name: command.get_short_help_str() for name, command in self.commands.items()}
        summaries |= {name: command.summary for name, command in self.listed.items()}
        with formatter.section("Commands"):
            formatter.write_dl([(name, summaries[name]) for name in self.list_commands(ctx)])
