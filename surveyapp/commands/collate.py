"""`survey collate` prints every question's shares, for the whole audit or one case."""

import json

import click
from flask.cli import with_appcontext

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.figures import Collation, PartFigures, QuestionFigures
from surveyapp.collating.figures_in_words import (
    counted_returns_in_words,
    denominator_in_words,
    returns_in_words,
)
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate as collated
from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit, Case


@click.command("collate")
@AUDIT_ARGUMENT
@click.option("--case", "pseudonym", metavar="CASE", help="Only this case, by its pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@with_appcontext
@requires_current_schema
@read_transaction()
def collate(audit_name: str, *, pseudonym: str | None, as_json: bool) -> None:
    """Say how every question was answered, out of how many."""
    audit = audit_by_number_or_title(audit_name)
    case = _case(audit, pseudonym) if pseudonym is not None else None
    filters = Filters().only_case(case.id) if case else Filters()
    collation = collated(audit, filters=filters, now=clock.now())
    if as_json:
        document = collation_json(collation, case=case.pseudonym if case else None)
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"Collation: {audit.title}{f', {case.pseudonym}' if case else ''}")
    click.echo(f"{returns_in_words(collation)}. {counted_returns_in_words(collation)}")
    _print(collation)


def _case(audit: Audit, pseudonym: str) -> Case:
    for case in audit.cases:
        if name_key(case.pseudonym) == name_key(pseudonym):
            return case
    raise Refused(f"There is no case “{pseudonym}” in “{audit.title}”.")


def _print(collation: Collation) -> None:
    for number, (_id, theme, questions) in enumerate(collation.themes, start=1):
        click.echo(f"\n{number}. {theme}")
        for figures in questions:
            click.echo(f"\n  {figures.question.number}  {figures.label}")
            if not collation.returns:
                click.echo("     no returns yet")
                continue
            _print_figures(figures)
    for name in collation.not_collated:
        click.echo(f"\nNot collated: {name}")


def _print_figures(figures: QuestionFigures) -> None:
    if words := denominator_in_words(figures):
        click.echo(f"     {words}")
    for part in figures.parts if figures.answered else ():
        _print_rows(part, under=part is not figures)
    if not figures.parts:
        click.echo(f"     {'Answered':<40} {figures.answered:,} of {counted(figures.asked, 'return')}")
    click.echo(f"     {'Not answered':<40} {figures.not_answered:,} of {counted(figures.asked, 'return')}")
    if figures.not_asked:
        click.echo(f"     {'Not asked':<40} {counted(figures.not_asked, 'return')}")
    if figures.commented:
        click.echo(f"     {'With a comment':<40} {counted(figures.commented, 'return')}")


def _print_rows(part: PartFigures, *, under: bool) -> None:
    for row in part.rows:
        label = f"{part.label}: {row.label.lower()}" if under else row.label
        click.echo(f"     {label:<40} {row.quoted}")
