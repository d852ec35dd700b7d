"""`status`: how many have returned, over all, by case and by agency."""

import json
from typing import Any

import click
from flask.cli import with_appcontext

from surveyapp.commands.naming import AUDIT, audit_called
from surveyapp.commands.running import acting
from surveyapp.foundation import clock
from surveyapp.tracking.queries import Line, Picture, picture
from surveyapp.tracking.standing import Tally

COUNTS = ("requests", "returned", "nil", "outstanding", "overdue", "undelivered", "withdrawn")


@click.command("status")
@AUDIT
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@with_appcontext
@acting
def status(audit_name: str, *, as_json: bool) -> None:
    """Say who has returned: over all, by case and by agency."""
    audit = audit_called(audit_name)
    found = picture(audit, now=clock.now())
    if as_json:
        click.echo(
            json.dumps({"audit": audit.id, "title": audit.title, **_in_json(found)}, ensure_ascii=False)
        )
        return
    click.echo(f"{audit.title}: {_in_words(found.tally)}")
    for heading, lines in (("By case", found.cases), ("By agency", found.agencies)):
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"  {line.name:<40} {line.tally.in_words}")


def _in_words(tally: Tally) -> str:
    parts = [tally.in_words, f"{tally.outstanding} outstanding"]
    parts += [
        f"{count} {word}"
        for count, word in (
            (tally.nil, "nil"),
            (tally.overdue, "overdue"),
            (tally.undelivered, "not delivered"),
            (tally.withdrawn, "withdrawn"),
        )
        if count
    ]
    return ", ".join(parts)


def _in_json(found: Picture) -> dict[str, Any]:
    return {
        **_counts(found.tally),
        "by_case": [_line("case", line) for line in found.cases],
        "by_agency": [_line("agency", line) for line in found.agencies],
    }


def _line(what: str, line: Line) -> dict[str, Any]:
    return {what: line.name, **_counts(line.tally)}


def _counts(tally: Tally) -> dict[str, Any]:
    # Rounded by the one function that pages use; null where there is nothing to be a share of.
    percent = tally.share.percent
    return {name: getattr(tally, name) for name in COUNTS} | {
        "percent": None if percent is None else float(percent)
    }
