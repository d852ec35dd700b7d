"""Quotes: chosen, with words taken out of what prints; listed by question and by source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.agencies.models import AGENCY_KINDS
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.gathering.comments.comment_index import has_comments, text_of_comment
from surveyapp.gathering.comments.comments_to_read import NEITHER
from surveyapp.gathering.families.operations import family_named
from surveyapp.gathering.forms import QuoteForm
from surveyapp.gathering.models import JUDGEMENTS, SOURCES, Quote, ReadComment
from surveyapp.gathering.queries import quotes_of, themes_of
from surveyapp.gathering.quotes import operations as choosing
from surveyapp.gathering.quotes.operations import QuoteDetails
from surveyapp.gathering.quotes.redaction import identifying_wordings, redact_words
from surveyapp.gathering.workshops.operations import workshop_named
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class QuotePage:
    """Where a quote is chosen: what the page says of it, what leads back, and how it is kept."""

    audit: Audit
    from_where: str
    back: tuple[str, str]
    keep: Callable[[QuoteDetails], Quote]
    text: str = ""
    is_comment: bool = False
    quote: Quote | None = None


def list_quotes(audit_id: int) -> ResponseReturnValue:
    """Show every quote of an audit, by question or by whose words they are."""
    audit = session.get_one(Audit, audit_id)
    quotes = quotes_of(audit_id)
    by_source = request.args.get("by") == "source"
    if by_source:
        sources = list(SOURCES)
        quotes = tuple(sorted(quotes, key=lambda each: sources.index(each.source)))
    names = {each.id: f"{each.number}. {each.name}" for each in form_of(audit).questions}
    return render_template(
        "survey/gathering/quotes.html",
        audit=audit,
        groups=[
            (
                SOURCES[name] if by_source else names.get(name, "With no question: for conclusions"),
                list(found),
            )
            for name, found in groupby(quotes, lambda each: each.source if by_source else each.question)
        ],
        by_source=by_source,
        question_names=names,
        from_where=quote_origin,
        gone=choosing.outdated_quote_ids(audit, quotes),
        count=len(quotes),
    )


def choose_from_comment(audit_id: int, request_id: int, name: str) -> ResponseReturnValue:
    """Choose a quote from one comment."""
    audit = session.get_one(Audit, audit_id)
    question = next((each for each in form_of(audit).questions if each.id == name), None)
    asked = session.get(AuditRequest, request_id)
    if question is None or not has_comments(question) or asked is None or asked.audit_id != audit.id:
        raise NotFound
    text = text_of_comment(audit, request_id, question)
    if text is None:
        raise NotFound
    reading: dict[str, Any] = {
        each: request.args[each] for each in ("shown", "question", "theme", "each") if each in request.args
    }
    first, at = (request.args.get(each, 1, type=int) for each in ("first", "at"))
    back = url_for(
        "survey.gathering.show_comments", audit_id=audit_id, first=first, _anchor=f"comment-{at}", **reading
    )

    def keep(words: QuoteDetails) -> Quote:
        return choosing.choose_quote_from_comment(audit, request_id, question, words, **_actor_and_now())

    kind = AGENCY_KINDS.get(asked.agency.kind, asked.agency.kind)
    place = QuotePage(
        audit,
        f"{asked.case.pseudonym}, {kind}: {question.number}. {question.name}",
        (back, "Read comments"),
        keep,
        text,
        is_comment=True,
    )
    read = session.scalar(
        select(ReadComment).where(ReadComment.request_id == request_id, ReadComment.question == name)
    )
    return _show_or_save(
        place,
        {
            "original": text,
            "printed": text,
            "source": "auditor",
            "judgement": (read.judgement or NEITHER) if read else None,
            "question": name,
            "themes": [each.id for each in read.themes] if read else [],
        },
    )


def choose_from_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Choose a quote from what was said at a workshop."""
    audit = session.get_one(Audit, audit_id)
    workshop = workshop_named(audit_id, workshop_id)

    def keep(words: QuoteDetails) -> Quote:
        return choosing.choose_quote_from_workshop(audit, workshop, words, **_actor_and_now())

    back = url_for("survey.gathering.change_workshop", audit_id=audit_id, workshop_id=workshop_id)
    text = "\n\n".join(filter(None, (workshop.notes, workshop.suggestions)))
    place = QuotePage(audit, workshop.title, (back, workshop.title), keep, text)
    return _show_or_save(place, {"source": "practitioner"})


def choose_from_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Choose a quote from a talk with a family."""
    audit = session.get_one(Audit, audit_id)
    family = family_named(audit_id, family_id)

    def keep(words: QuoteDetails) -> Quote:
        return choosing.choose_quote_from_family(audit, family, words, **_actor_and_now())

    back = url_for("survey.gathering.change_family", audit_id=audit_id, family_id=family_id)
    text = "\n\n".join(each.text for each in family.notes)
    named = f"Family of {family.case.pseudonym}"
    return _show_or_save(QuotePage(audit, named, (back, named), keep, text), {"source": "parent"})


def change_quote(audit_id: int, quote_id: int) -> ResponseReturnValue:
    """Change one quote."""
    audit = session.get_one(Audit, audit_id)
    quote = choosing.quote_named(audit_id, quote_id)

    def keep(words: QuoteDetails) -> Quote:
        seen = request.form.get("seen", "")
        return choosing.change_quote(audit, quote, words, seen=seen, **_actor_and_now())

    back = url_for("survey.gathering.list_quotes", audit_id=audit_id)
    text = ""
    if quote.read_comment is not None:
        question = form_of(audit).question(quote.read_comment.question)
        text = text_of_comment(audit, quote.read_comment.request_id, question) or ""
    place = QuotePage(
        audit,
        quote_origin(quote),
        (back, "Quotes"),
        keep,
        text,
        is_comment=quote.read_comment is not None,
        quote=quote,
    )
    return _show_or_save(place, {})


def remove_quote(audit_id: int, quote_id: int) -> ResponseReturnValue:
    """Take one quote away."""
    audit = session.get_one(Audit, audit_id)
    quote = choosing.quote_named(audit_id, quote_id)
    with transaction():
        choosing.remove_quote(audit, quote, **_actor_and_now())
    flash("The quote is removed.", "success")
    return redirect(url_for("survey.gathering.list_quotes", audit_id=audit_id), 303)


def quote_origin(quote: Quote) -> str:
    """Where a quote comes from, for staff: the case and kind of agency, the workshop, the family."""
    if quote.read_comment is not None:
        asked = quote.read_comment.audit_request
        return f"{asked.case.pseudonym}, {AGENCY_KINDS.get(asked.agency.kind, asked.agency.kind)}"
    if quote.workshop is not None:
        return quote.workshop.title
    family = quote.family_contact
    return f"Family of {family.case.pseudonym}" if family else ""


def _show_or_save(place: QuotePage, start: Mapping[str, Any]) -> ResponseReturnValue:
    """Show the form of a quote, take words out of what prints, or keep the quote."""
    is_new = request.method == "GET"
    form = QuoteForm(formdata=None, data=start) if is_new else QuoteForm()
    form.offer(form_of(place.audit).questions, themes_of(place.audit.id))
    if is_new:
        if place.quote is not None:
            form.show(place.quote)
            form.seen.data = choosing.quote_digest(place.quote)
        return _quote_page(place, form)
    _copy_shortened_original(place, form)
    # Enter presses the first button of the page: without words to take out it saves.
    words = [*request.form.getlist("out"), *filter(None, [form.take_out.data])]
    if words and request.form.get("act") != "save":
        return _page_without_words(place, form, words)
    return _save_quote(place, form)


def _copy_shortened_original(place: QuotePage, form: QuoteForm) -> None:
    """Let what prints be the part that was left of the comment, where nobody changed what prints."""
    said, printed, whole = (
        " ".join((each or "").split()) for each in (form.original.data, form.printed.data, place.text)
    )
    if place.is_comment and said != whole and printed == whole:
        form.printed.data = form.original.data


def _page_without_words(place: QuotePage, form: QuoteForm, words: list[str]) -> str:
    """The page with words taken out of what prints; nothing is stored yet."""
    printed = form.printed.data or form.original.data or ""
    form.printed.data = redact_words(printed, words)
    if form.printed.data == printed:
        form.take_out.errors = ["These words are not in what prints: copy them as they stand there"]
    else:
        form.take_out.data = ""
    return _quote_page(place, form)


def _save_quote(place: QuotePage, form: QuoteForm) -> ResponseReturnValue:
    """Keep the quote, once what may identify somebody has been looked at."""
    if not form.validate():
        return _quote_page(place, form), 422
    if identifying_wordings(form.printed.data or form.original.data or "") and not form.keep.data:
        form.printed.errors = [
            "Look at what is pointed out: take it out, or tick “Print these words as they stand”"
        ]
        return _quote_page(place, form), 422
    try:
        with transaction():
            place.keep(form.words())
    except choosing.WordsNotInComment as error:
        form.original.errors = [error.message]
        return _quote_page(place, form), 422
    except EditConflict as error:
        return _quote_page(place, form, changed=error), error.status
    except Refused as error:
        form.form_errors.append(error.message)
        return _quote_page(place, form), error.status
    flash("The quote is kept.", "success")
    return redirect(place.back[0], 303)


def _quote_page(place: QuotePage, form: QuoteForm, *, changed: EditConflict | None = None) -> str:
    there: list[tuple[str, str]] = []
    if changed is not None and place.quote is not None:
        form.seen.data = choosing.quote_digest(place.quote)
        there = _stored_values(place.audit, place.quote)
    return render_template(
        "survey/gathering/quote.html",
        audit=place.audit,
        place=place,
        form=form,
        found=identifying_wordings(form.printed.data or form.original.data or ""),
        changed=changed,
        there=there,
        errors=form.errors,
    )


def _stored_values(audit: Audit, quote: Quote) -> list[tuple[str, str]]:
    """What is stored of a quote, for whoever typed something else meanwhile."""
    questions = {each.id: f"{each.number}. {each.name}" for each in form_of(audit).questions}
    return [
        ("Said", quote.original),
        ("Prints", quote.printed),
        ("Tells of", JUDGEMENTS.get(quote.judgement, "Neither")),
        ("Themes", ", ".join(each.name for each in quote.themes) or "None"),
        ("Whose words", SOURCES[quote.source]),
        ("Question", questions.get(quote.question, "None: for conclusions")),
        ("Kind of agency", "Printed" if quote.names_agency_kind else "Not printed"),
    ]


def _actor_and_now() -> dict[str, Any]:
    return {"actor": acting_staff().name, "now": clock.now()}
