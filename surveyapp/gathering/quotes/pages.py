"""The page of one quote: its form, taking words out of the printed text, and saving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.gathering.comment_index import text_of_comment
from surveyapp.gathering.models import JUDGEMENTS, SOURCES, Quote
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.quotes import operations
from surveyapp.gathering.quotes.forms import QuoteForm
from surveyapp.gathering.quotes.operations import QuoteDetails
from surveyapp.gathering.quotes.queries import quote_by_id
from surveyapp.gathering.quotes.redaction import identifying_wordings, redact_words
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class QuotePage:
    """The form of a quote: its caption, the link back (URL and words) and the operation that stores it.

    `text` is the whole comment, or the notes, from which the quote is chosen.
    """

    audit: Audit
    origin: str
    back: tuple[str, str]
    store: Callable[[QuoteDetails], Quote]
    text: str = ""
    is_comment: bool = False
    quote: Quote | None = None


def change_quote(audit_id: int, quote_id: int) -> ResponseReturnValue:
    """Change one quote."""
    audit = session.get_one(Audit, audit_id)
    quote = quote_by_id(audit_id, quote_id)

    def store(details: QuoteDetails) -> Quote:
        seen = request.form.get("seen", "")
        return operations.change_quote(
            audit, quote, details, seen=seen, actor=acting_staff().name, now=clock.now()
        )

    list_address = url_for("survey.gathering.list_quotes", audit_id=audit_id)
    text = ""
    if quote.read_comment is not None:
        question = form_of(audit).question(quote.read_comment.question)
        text = text_of_comment(audit, quote.read_comment.request_id, question) or ""
    page = QuotePage(
        audit,
        quote.origin,
        (list_address, "Quotes"),
        store,
        text,
        is_comment=quote.read_comment is not None,
        quote=quote,
    )
    shown = show_or_save_quote(page, {})
    if request.method == "GET":
        record_reading("saw_quotes", f"audit {audit_id}")
    return shown


def show_or_save_quote(page: QuotePage, values: Mapping[str, Any]) -> ResponseReturnValue:
    """Show the form with these values or those of the stored quote; on POST take words out, or save."""
    is_opened = request.method != "POST"
    form = QuoteForm(formdata=None, data=values) if is_opened else QuoteForm()
    form.offer(form_of(page.audit).questions, themes_of(page.audit.id))
    if is_opened:
        if page.quote is not None:
            form.show(page.quote)
            form.seen.data = operations.quote_digest(page.quote)
        return _quote_page(page, form)
    _copy_shortened_original(page, form)
    # Enter presses the first button, which takes words out; without such words the quote is saved.
    words = [*request.form.getlist("out"), *filter(None, [form.take_out.data])]
    if words and request.form.get("act") != "save":
        return _page_without_words(page, form, words)
    return _save_quote(page, form)


def _copy_shortened_original(page: QuotePage, form: QuoteForm) -> None:
    """Copy the shortened original into the printed text, if that is still the whole comment."""
    original, printed, whole_text = (
        " ".join((text or "").split()) for text in (form.original.data, form.printed.data, page.text)
    )
    if page.is_comment and original != whole_text and printed == whole_text:
        form.printed.data = form.original.data


def _page_without_words(page: QuotePage, form: QuoteForm, words: list[str]) -> str:
    """The form with words taken out of the printed text; nothing is stored yet."""
    printed = form.printed.data or form.original.data or ""
    form.printed.data = redact_words(printed, words)
    if form.printed.data == printed:
        form.take_out.errors = ["These words are not in what prints: copy them as they stand there"]
    else:
        form.take_out.data = ""
    return _quote_page(page, form)


def _save_quote(page: QuotePage, form: QuoteForm) -> ResponseReturnValue:
    """Store the quote, unless wordings that may identify somebody are neither taken out nor confirmed."""
    if not form.validate():
        return _quote_page(page, form), 422
    if identifying_wordings(form.printed.data or form.original.data or "") and not form.keep.data:
        form.printed.errors = [
            "Look at what is pointed out: take it out, or tick “Print these words as they stand”"
        ]
        return _quote_page(page, form), 422
    try:
        with transaction():
            page.store(form.details())
    except operations.WordsNotInComment as error:
        form.original.errors = [error.message]
        return _quote_page(page, form), 422
    except EditConflict as error:
        return _quote_page(page, form, changed=error), error.status
    except Refused as error:
        form.form_errors.append(error.message)
        return _quote_page(page, form), error.status
    flash("The quote is kept.", "success")
    return redirect(page.back[0], 303)


def _quote_page(page: QuotePage, form: QuoteForm, *, changed: EditConflict | None = None) -> str:
    there: list[tuple[str, str]] = []
    if changed is not None and page.quote is not None:
        form.seen.data = operations.quote_digest(page.quote)
        there = _stored_values(page.audit, page.quote)
    return render_template(
        "survey/gathering/quote.html",
        audit=page.audit,
        place=page,
        form=form,
        found=identifying_wordings(form.printed.data or form.original.data or ""),
        changed=changed,
        there=there,
        errors=form.errors,
    )


def _stored_values(audit: Audit, quote: Quote) -> list[tuple[str, str]]:
    """The stored quote, shown to somebody whose edit conflicts with it."""
    questions = {question.id: f"{question.number}. {question.name}" for question in form_of(audit).questions}
    return [
        ("Said", quote.original),
        ("Prints", quote.printed),
        ("Tells of", JUDGEMENTS.get(quote.judgement, "Neither")),
        ("Themes", ", ".join(theme.name for theme in quote.themes) or "None"),
        ("Whose words", SOURCES[quote.source]),
        ("Question", questions.get(quote.question, "None: for conclusions")),
        ("Kind of agency", "Printed" if quote.names_agency_kind else "Not printed"),
    ]
