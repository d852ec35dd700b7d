"""The list of an audit's quotes, by question or by source, and the removal of a quote."""

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.gathering.models import SOURCES
from surveyapp.gathering.queries import quotes_of
from surveyapp.gathering.quotes import operations
from surveyapp.gathering.quotes.queries import outdated_quote_ids, quote_by_id
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def list_quotes(audit_id: int) -> ResponseReturnValue:
    """Show every quote of an audit, by question or by source."""
    audit = session.get_one(Audit, audit_id)
    quotes = quotes_of(audit_id)
    by_source = request.args.get("by") == "source"
    if by_source:
        sources = list(SOURCES)
        quotes = tuple(sorted(quotes, key=lambda quote: sources.index(quote.source)))
    question_names = {
        question.id: f"{question.number}. {question.name}" for question in form_of(audit).questions
    }
    headings = SOURCES if by_source else question_names
    page = render_template(
        "survey/gathering/quotes.html",
        audit=audit,
        groups=[
            (headings.get(key, "With no question: for conclusions"), list(group))
            for key, group in groupby(quotes, lambda quote: quote.source if by_source else quote.question)
        ],
        by_source=by_source,
        question_names=question_names,
        gone=outdated_quote_ids(audit, quotes),
        count=len(quotes),
    )
    if quotes:
        record_reading("saw_quotes", f"audit {audit_id}")
    return page


def remove_quote(audit_id: int, quote_id: int) -> ResponseReturnValue:
    """Remove one quote."""
    audit = session.get_one(Audit, audit_id)
    quote = quote_by_id(audit_id, quote_id)
    with transaction():
        operations.remove_quote(audit, quote, actor=acting_staff().name, now=clock.now())
    flash("The quote is removed.", "success")
    return redirect(url_for("survey.gathering.list_quotes", audit_id=audit_id), 303)
