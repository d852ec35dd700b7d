"""The contact's own copy of a return, as a document to file."""

from collections.abc import Iterable

from surveyapp.answering.keyed_in import keyed_in
from surveyapp.answering.models import Return
from surveyapp.answering.returns.answers_in_words import AnsweredQuestion
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.documents.blocks import Block, Document, DocumentHeading, DocumentParagraph, Facts
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.issuing.models import AuditRequest


def copy_document(
    audit_request: AuditRequest,
    audit_return: Return | None,
    answers: Iterable[AnsweredQuestion],
    nil: tuple[str, str],
    *,
    author: str,
) -> Document:
    """The copy of one return, or of its draft; `nil` is the result of `nil_in_words`."""
    audit, case = audit_request.audit, audit_request.case.pseudonym
    returned_at, keyed = audit_return.returned_at if audit_return else None, keyed_in(audit_return)
    blocks: list[Block] = [
        Facts(
            (
                ("Audit", audit.title),
                ("Agency", audit_request.agency.name),
                ("Reference", audit_request.reference),
                ("Returned", moment_in_words(returned_at) if returned_at else "Not returned"),
                *((("How it came", keyed.in_words),) if keyed else ()),
            )
        )
    ]
    if returned_at is None:
        blocks.append(
            DocumentParagraph("This has not been returned. What was saved so far is below.", "strong")
        )
    reason, where = nil
    if reason:
        blocks.append(DocumentParagraph(f"Your agency was not involved: {reason}."))
        blocks += [DocumentParagraph(f"The file is now with: {where}")] if where else []
    else:
        blocks.append(DocumentHeading("Answers"))
        for question in answers:
            blocks.append(DocumentHeading(question.heading, 2, keep_together=True))
            if question.wording:
                blocks.append(DocumentParagraph(question.wording, "quiet"))
            blocks.append(DocumentParagraph("\n".join(question.answer) or "Not answered"))
            if question.comment:
                blocks.append(DocumentParagraph(f"{question.comment_label}: {question.comment}"))
    on = f", returned {local_day(returned_at):%d/%m/%Y}" if returned_at else ""
    return Document(f"Your copy: {case}", author, f"{author}: {audit_request.reference}{on}", tuple(blocks))
