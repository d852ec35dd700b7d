"""URL map of collating, with the collation page, the page of one question, and its charts to download."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.collating.cases import pages as case_pages
from surveyapp.collating.charts.chart import REPORT_WIDTH, chart_png, draw_chart, has_chart
from surveyapp.collating.comparison import benchmark_pages
from surveyapp.collating.comparison import pages as comparison_pages
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
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.collating.question_comments import LONGEST_SEARCH, comments_to_question
from surveyapp.collating.then_and_now import pages as then_and_now_pages
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import record_reading
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.models import Audit

bp = Blueprint("collating", __name__)

COLLATION_URL = "/audits/<int:audit_id>/collation"
bp.add_url_rule(f"{COLLATION_URL}/cases/<int:case_id>", view_func=case_pages.show_case)
bp.add_url_rule(f"{COLLATION_URL}/disagreement", view_func=case_pages.show_disagreement)
bp.add_url_rule(f"{COLLATION_URL}/compare", view_func=comparison_pages.show_comparison)
bp.add_url_rule(f"{COLLATION_URL}/benchmark", view_func=benchmark_pages.show_benchmark)
bp.add_url_rule(
    f"{COLLATION_URL}/benchmark/change",
    methods=["GET", "POST"],
    view_func=benchmark_pages.change_benchmark,
)
bp.add_url_rule(
    f"{COLLATION_URL}/benchmark/remove", methods=["POST"], view_func=benchmark_pages.remove_benchmark
)
bp.add_url_rule(f"{COLLATION_URL}/then-and-now", view_func=then_and_now_pages.show_then_and_now)


@bp.get(COLLATION_URL)
def show_collation(audit_id: int) -> ResponseReturnValue:
    """Show every figure of an audit, by theme in the report's order."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    collation = collate(audit, filters=view.filters, rule=view.rule, now=clock.now())
    choices = filter_choices(audit.cases, agencies_asked(audit))
    cases = [(str(case.id), case.pseudonym) for case in audit.cases]
    return render_template(
        "survey/collating/collation.html",
        audit=audit,
        found=collation,
        view=view,
        basis=denominator_in_words,
        has_chart=has_chart,
        returned=returns_in_words(collation),
        behind=counted_returns_in_words(collation),
        choices={"cases": cases, **choices},
        kept=filters_in_words(view.filters, {"cases": cases, **choices}),
    )


@bp.get(f"{COLLATION_URL}/questions/<string:name>")
def show_question(audit_id: int, name: str) -> ResponseReturnValue:
    """Show one question: wording, figures, chart, figures by kind of agency, and comments."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    collation, figures = _figures(audit, name, view)
    words = clean_line(request.args.get("words", ""))[:LONGEST_SEARCH]
    page = request.args.get("page", 1, type=int)
    cases = [(str(case.id), case.pseudonym) for case in audit.cases]
    written = comments_to_question(audit, figures.question, filters=view.filters, words=words, page=page)
    shown = render_template(
        "survey/collating/question.html",
        audit=audit,
        found=collation,
        figures=figures,
        question=figures.question,
        view=view,
        basis=denominator_in_words(figures),
        behind=counted_returns_in_words(collation),
        kept=filters_in_words(
            view.filters, {"cases": cases, **filter_choices(audit.cases, agencies_asked(audit))}
        ),
        chart=draw_chart(figures),
        kinds=figures_by_kind(audit, figures.question, filters=view.filters, rule=view.rule),
        written=written,
        words=words,
        agencies_named=request.args.get("agencies_named") == "1",
    )
    if written.shown:
        record_reading("saw_comments", f"audit {audit_id}")
    return shown


@bp.get(f"{COLLATION_URL}/questions/<string:name>/chart.svg")
def download_chart_svg(audit_id: int, name: str) -> ResponseReturnValue:
    """Download a question's chart as SVG."""
    return _file(f"chart-{name}.svg", "image/svg+xml", _chart(audit_id, name).encode())


@bp.get(f"{COLLATION_URL}/questions/<string:name>/chart.png")
def download_chart_png(audit_id: int, name: str) -> ResponseReturnValue:
    """Download a question's chart as PNG, for a document."""
    return _file(f"chart-{name}.png", "image/png", chart_png(_chart(audit_id, name)))


def _figures(audit: Audit, name: str, view: FigureSelection) -> tuple[Collation, QuestionFigures]:
    """The collation of an audit and the figures of one of its questions. Raises NotFound."""
    collation = collate(audit, filters=view.filters, rule=view.rule, now=clock.now())
    try:
        return collation, collation.question(name)
    except KeyError:
        raise NotFound from None


def _chart(audit_id: int, name: str) -> str:
    """A question's chart as SVG, as wide as the report's text. Raises NotFound without anything to draw."""
    audit = session.get_one(Audit, audit_id)
    view = FigureSelection.from_request()
    collation, figures = _figures(audit, name, view)
    filters_note = "" if view.filters.is_empty else counted_returns_in_words(collation)
    chart = draw_chart(figures, filters_note=filters_note, width=REPORT_WIDTH)
    if not chart:
        raise NotFound("There is nothing to draw yet.", way_on="Go back, and choose other returns.")
    return str(chart)


def _file(name: str, kind: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
