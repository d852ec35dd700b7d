"""Downloads for a contact: the blank form, to gather answers offline, and their own copy as a PDF."""

from flask import render_template
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import authorised_request
from surveyapp.answering.access.copy_period import check_copy
from surveyapp.answering.returns.answers_in_words import answers_in_words, nil_in_words
from surveyapp.answering.returns.copy_document import copy_document
from surveyapp.answering.returns.queries import (
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.defining.blank_form import blank_form
from surveyapp.foundation import clock
from surveyapp.foundation.documents.blocks import Document
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def show_blank(public_id: str) -> ResponseReturnValue:
    """Show the blank form, to print or to download in Word or PDF."""
    audit_request = authorised_request(public_id)
    return render_template(
        "survey/answering/returns/blank.html",
        audit_request=audit_request,
        document=_blank_form_document(audit_request),
    )


def blank_in_word(public_id: str) -> ResponseReturnValue:
    """Send the blank form as a Word file."""
    return file_response(
        document_as_word(_blank_form_document(authorised_request(public_id))), WORD, "blank-form.docx"
    )


def blank_as_pdf(public_id: str) -> ResponseReturnValue:
    """Send the blank form as a PDF."""
    with read_transaction():
        document = _blank_form_document(authorised_request(public_id))
    return file_response(document_as_pdf(document), PDF, "blank-form.pdf")


def copy_as_pdf(public_id: str) -> ResponseReturnValue:
    """Send the contact's own copy as a PDF, and for some time after returns have closed."""
    # A long copy takes seconds to typeset, which is done outside the transaction.
    with read_transaction():
        audit_request = authorised_request(public_id)
        audit_return = return_of(audit_request)
        check_copy(audit_request, audit_return, now=clock.now())
        stored_answers = revision_answers(
            returned_revision(audit_return)
            if audit_return and audit_return.returned_at
            else working_revision(audit_return)
        )
        answers = answers_in_words(audit_request.audit.form, audit_request.agency.kind, stored_answers)
        document = copy_document(
            audit_request, audit_return, answers, nil_in_words(stored_answers), author=settings().partnership
        )
        name = f"copy-{audit_request.reference}.pdf"
    return file_response(document_as_pdf(document), PDF, name)


def _blank_form_document(audit_request: AuditRequest) -> Document:
    """The blank form of a request. It names no child: it is the same for each case."""
    audit, ours = audit_request.audit, settings()
    due = audit_request.due_day
    by = f" by {day_in_words(due)}" if due else ""
    about = (
        f"{audit.title}, for {audit_request.agency.name}.\n"
        f"Gather your answers here, then enter them with the link in your email{by}. "
        "This paper is not sent to anybody: do not write a child’s name on it, and keep it with your file.\n"
        f"If something worries you now: {ours.concern_route}. Do not wait for the audit.\n"
        f"Questions: {ours.contact_line}"
    )
    return blank_form(
        audit.form, audit_request.agency.kind, about=about, author=ours.partnership, foot=ours.partnership
    )
