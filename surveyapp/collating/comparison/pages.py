"""The page that compares an audit with another audit that asks the same questions."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.collating.comparison.audit_comparison import compared_by_theme, questions_only_in_first
from surveyapp.collating.comparison.queries import comparable_audits
from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.collating.figures_in_words import filters_in_words
from surveyapp.collating.filters import filter_choices
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit


def show_comparison(audit_id: int) -> ResponseReturnValue:
    """Choose an audit that asks some of the same questions, and show both side by side."""
    audit = session.get_one(Audit, audit_id)
    others, selection = comparable_audits(audit), FigureSelection.from_request()
    view = replace(selection, filters=selection.filters.without_cases)
    other_id = request.args.get("with", type=int)
    page = partial(
        render_template, "survey/collating/comparison.html", audit=audit, offered=others, view=view
    )
    if other_id is None:
        return page(other=None)
    other = next((candidate for candidate, _ in others if candidate.id == other_id), None)
    if other is None:
        raise NotFound(
            "These two audits share no question.", way_on="Choose the other audit from the list on Compare."
        )
    now = clock.now()
    first, second = (
        collate(compared, filters=view.filters, rule=view.rule, now=now) for compared in (audit, other)
    )
    choices = _filter_choices(audit, other)
    return page(
        other=other,
        first=first,
        second=second,
        themes=compared_by_theme(first, second),
        only_first=questions_only_in_first(first, second),
        only_second=questions_only_in_first(second, first),
        choices=choices,
        kept=filters_in_words(view.filters, choices),
    )


def _filter_choices(first: Audit, second: Audit) -> Mapping[str, list[tuple[str, str]]]:
    """The choices of each filter that either audit has."""
    agencies = {agency.id: agency for audit in (first, second) for agency in agencies_asked(audit)}
    return filter_choices(
        (*first.cases, *second.cases), sorted(agencies.values(), key=lambda agency: agency.name.casefold())
    )
