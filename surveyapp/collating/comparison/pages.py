"""An audit beside another that asks the same: each question's shares, and how far apart they are."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.collating.comparison.audit_comparison import compared_by_theme, questions_only_in_first
from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.collating.figures_in_words import filters_in_words
from surveyapp.collating.filters import filter_choices
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def show_comparison(audit_id: int) -> ResponseReturnValue:
    """Choose an audit that asks some of the same questions, and see both side by side."""
    audit = session.get_one(Audit, audit_id)
    others, asked = comparable_audits(audit), FigureSelection.from_request()
    view = replace(asked, filters=asked.filters.without_cases)
    chosen = request.args.get("with", type=int)
    page = partial(
        render_template, "survey/collating/comparison.html", audit=audit, offered=others, view=view
    )
    if chosen is None:
        return page(other=None)
    other = next((each for each, _ in others if each.id == chosen), None)
    if other is None:
        raise NotFound(
            "These two audits share no question.", way_on="Choose the other audit from the list on Compare."
        )
    now = clock.now()
    first, second = (collate(each, filters=view.filters, rule=view.rule, now=now) for each in (audit, other))
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
    """What can be chosen for each filter in either audit."""
    agencies = {each.id: each for audit in (first, second) for each in agencies_asked(audit)}
    return filter_choices(
        (*first.cases, *second.cases), sorted(agencies.values(), key=lambda each: each.name.casefold())
    )


def comparable_audits(audit: Audit) -> list[tuple[Audit, int]]:
    """The issued audits that ask some of this one's questions, and how many, the latest first."""
    mine = _ids(form_of(audit))
    issued = select(Audit).where(Audit.issued_at.is_not(None), Audit.id != audit.id)
    latest = session.scalars(issued.order_by(Audit.issued_at.desc(), Audit.id.desc()))
    shared = [(each, len(mine & _ids(each.form))) for each in latest]
    return [(each, count) for each, count in shared if count]


def _ids(definition: AuditForm) -> set[str]:
    return {each.id for each in definition.questions}
