"""The figures of an audit, and everything about one of its questions."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.collating.charts import REPORT_WIDTH, chart_png, draw_chart, has_chart
from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.collating.figures import Collation, QuestionFigures
from surveyapp.collating.figures_by_agency_kind import figures_by_kind
from surveyapp.collating.figures_in_words import (
    counted_returns_in_words,
    denominator_in_words,
    filters_in_words,
    returns_in_words,
)
from surveyapp.collating.filters import filter_choices
from surveyapp.collating.pages_across import add_url_rules
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.collating.question_comments import comments_to_question
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.models import Audit

bp = Blueprint("collating", __name__)
add_url_rules(bp)


@bp.get("/audits/<int:audit_id>/collation")
def show_collation(audit_id: int) -> ResponseReturnValue:
    """Show every figure of an audit, by theme in the report's order."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    found = collate(audit, filters=view.filters, rule=view.rule, now=clock.now())
    choices = filter_choices(audit.cases, agencies_asked(audit))
    cases = [(str(case.id), case.pseudonym) for case in audit.cases]
    return render_template(
        "survey/collating/collation.html",
        audit=audit,
        found=found,
        view=view,
        basis=denominator_in_words,
        has_chart=has_chart,
        returned=returns_in_words(found),
        behind=counted_returns_in_words(found),
        choices={"cases": cases, **choices},
        kept=filters_in_words(view.filters, {"cases": cases, **choices}),
    )


@bp.get("/audits/<int:audit_id>/collation/questions/<string:name>")
def show_question(audit_id: int, name: str) -> ResponseReturnValue:
    """Show one question: wording, figures, chart, by kind of agency, and everything written to it."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    found, figures = _figures(audit, name, view)
    words = clean_line(request.args.get("words", ""))
    page = request.args.get("page", 1, type=int)
    cases = [(str(case.id), case.pseudonym) for case in audit.cases]
    return render_template(
        "survey/collating/question.html",
        audit=audit,
        found=found,
        figures=figures,
        question=figures.question,
        view=view,
        basis=denominator_in_words(figures),
        behind=counted_returns_in_words(found),
        kept=filters_in_words(
            view.filters, {"cases": cases, **filter_choices(audit.cases, agencies_asked(audit))}
        ),
        chart=draw_chart(figures),
        kinds=figures_by_kind(audit, figures.question, filters=view.filters, rule=view.rule),
        written=comments_to_question(audit, figures.question, filters=view.filters, words=words, page=page),
        words=words,
        agencies_named=request.args.get("agencies_named") == "1",
    )


@bp.get("/audits/<int:audit_id>/collation/questions/<string:name>/chart.svg")
def download_chart_svg(audit_id: int, name: str) -> ResponseReturnValue:
    """Give a question's chart as a drawing that scales."""
    return _file(f"chart-{name}.svg", "image/svg+xml", _chart(audit_id, name).encode())


@bp.get("/audits/<int:audit_id>/collation/questions/<string:name>/chart.png")
def download_chart_png(audit_id: int, name: str) -> ResponseReturnValue:
    """Give a question's chart as a picture for a document."""
    return _file(f"chart-{name}.png", "image/png", chart_png(_chart(audit_id, name)))


def _figures(audit: Audit, name: str, view: FigureSelection) -> tuple[Collation, QuestionFigures]:
    """One question's figures, and the collation they stand in. Raises NotFound."""
    found = collate(audit, filters=view.filters, rule=view.rule, now=clock.now())
    try:
        return found, found.question(name)
    except KeyError:
        raise NotFound from None


def _chart(audit_id: int, name: str) -> str:
    """A question's chart, as wide as a report's text. Raises NotFound."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    found, figures = _figures(audit, name, view)
    kept = "" if view.filters.is_empty else counted_returns_in_words(found)
    drawn = draw_chart(figures, kept=kept, width=REPORT_WIDTH)
    if not drawn:
        raise NotFound("There is nothing to draw yet.", way_on="Go back, and choose other returns.")
    return str(drawn)


def _file(name: str, kind: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
