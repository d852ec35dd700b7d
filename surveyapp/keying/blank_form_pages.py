"""The blank form of one request, which staff download for a contact who answers on paper or by telephone."""

from flask.typing import ResponseReturnValue

from surveyapp.defining.blank_form import blank_form
from surveyapp.foundation.documents.blocks import Document
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_of

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF = "application/pdf"


def blank_form_in_word(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Send the blank form of a request as a Word file."""
    with read_transaction():
        document, name = _document_and_name(request_of(audit_id, request_id))
    return file_response(document_as_word(document), _WORD, f"{name}.docx")


def blank_form_as_pdf(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Send the blank form of a request as a PDF."""
    with read_transaction():
        document, name = _document_and_name(request_of(audit_id, request_id))
    return file_response(document_as_pdf(document), _PDF, f"{name}.pdf")


def _document_and_name(audit_request: AuditRequest) -> tuple[Document, str]:
    """The form with the request's case, agency and reference on it, without which it is keyed in wrongly.

    The form that contacts download is for their own file and names no case. Neither names a person (stories
    BM16, 4.4).
    """
    audit, ours = audit_request.audit, settings()
    due = audit_request.due_day
    by = f" by {day_in_words(due)}" if due else ""
    key_message = audit.key_message or (
        "A separate message, sent by the partnership’s secure route, says which child is which."
    )
    about = (
        f"{audit.title}, for {audit_request.agency.name}, about {audit_request.case.pseudonym}. "
        f"Reference {audit_request.reference}.\n"
        f"Write your answers here and return the paper{by} by the secure route of the partnership, or ring "
        "and read them out. We enter them for you, and you get a receipt.\n"
        f"Do not write a child’s name on it. {key_message}\n"
        f"If something worries you now: {ours.concern_route}. Do not wait for the audit.\n"
        f"Questions: {ours.contact_line}"
    )
    document = blank_form(
        audit.form, audit_request.agency.kind, about=about, author=ours.partnership, foot=ours.partnership
    )
    return document, f"blank-form-{audit_request.reference}"
