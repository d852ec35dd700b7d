"""The pages on which a quote is chosen: from a comment, from a workshop and from a talk with a family."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.gathering.comment_index import has_comments, text_of_comment
from surveyapp.gathering.comments.comment_filter import NEITHER
from surveyapp.gathering.families.queries import family_by_id
from surveyapp.gathering.models import Quote
from surveyapp.gathering.quotes import operations
from surveyapp.gathering.quotes.operations import QuoteDetails
from surveyapp.gathering.quotes.pages import QuotePage, show_or_save_quote
from surveyapp.gathering.quotes.queries import read_comment_at
from surveyapp.gathering.workshops.queries import workshop_by_id
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def choose_from_comment(audit_id: int, request_id: int, name: str) -> ResponseReturnValue:
    """Choose a quote from one comment; `name` is the id of its question."""
    audit = session.get_one(Audit, audit_id)
    question = next((question for question in form_of(audit).questions if question.id == name), None)
    audit_request = session.get(AuditRequest, request_id)
    if question is None or not has_comments(question):
        raise NotFound
    if audit_request is None or audit_request.audit_id != audit.id:
        raise NotFound
    text = text_of_comment(audit, request_id, question)
    if text is None:
        raise NotFound

    def store(details: QuoteDetails) -> Quote:
        return operations.choose_quote_from_comment(
            audit, request_id, question, details, actor=acting_staff().name, now=clock.now()
        )

    kind = AGENCY_KINDS.get(audit_request.agency.kind, audit_request.agency.kind)
    page = QuotePage(
        audit,
        f"{audit_request.case.pseudonym}, {kind}: {question.number}. {question.name}",
        (_comments_address(audit_id), "Read comments"),
        store,
        text,
        is_comment=True,
    )
    read_comment = read_comment_at(request_id, question)
    shown = show_or_save_quote(
        page,
        {
            "original": text,
            "printed": text,
            "source": "auditor",
            "judgement": (read_comment.judgement or NEITHER) if read_comment else None,
            "question": name,
            "themes": [theme.id for theme in read_comment.themes] if read_comment else [],
        },
    )
    if request.method == "GET":
        record_reading("saw_comment", f"request {request_id}")
    return shown


def choose_from_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Choose a quote from the notes of a workshop."""
    audit = session.get_one(Audit, audit_id)
    workshop = workshop_by_id(audit_id, workshop_id)

    def store(details: QuoteDetails) -> Quote:
        return operations.choose_quote_from_workshop(
            audit, workshop, details, actor=acting_staff().name, now=clock.now()
        )

    workshop_address = url_for("survey.gathering.change_workshop", audit_id=audit_id, workshop_id=workshop_id)
    text = "\n\n".join(filter(None, (workshop.notes, workshop.suggestions)))
    page = QuotePage(audit, workshop.title, (workshop_address, workshop.title), store, text)
    return show_or_save_quote(page, {"source": "practitioner"})


def choose_from_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Choose a quote from a talk with a family."""
    audit = session.get_one(Audit, audit_id)
    family = family_by_id(audit_id, family_id)

    def store(details: QuoteDetails) -> Quote:
        return operations.choose_quote_from_family(
            audit, family, details, actor=acting_staff().name, now=clock.now()
        )

    family_address = url_for("survey.gathering.change_family", audit_id=audit_id, family_id=family_id)
    text = "\n\n".join(note.text for note in family.notes)
    title = f"Family of {family.case.pseudonym}"
    shown = show_or_save_quote(
        QuotePage(audit, title, (family_address, title), store, text), {"source": "parent"}
    )
    if request.method == "GET":
        record_reading("saw_family", f"audit {audit_id}")
    return shown


def _comments_address(audit_id: int) -> str:
    """The URL of the comment on the filtered page of comments from which this page was reached."""
    filters: dict[str, Any] = {
        name: request.args[name] for name in ("shown", "question", "theme", "each") if name in request.args
    }
    first, number = (request.args.get(name, 1, type=int) for name in ("first", "at"))
    return url_for(
        "survey.gathering.show_comments",
        audit_id=audit_id,
        first=first,
        _anchor=f"comment-{number}",
        **filters,
    )
