"""Every return of an audit as one tagged PDF: each as it was returned, question by question."""

from collections.abc import Iterator
from typing import IO

from surveyapp.answering.returns.answers_in_words import answers_in_words
from surveyapp.collating.figures_in_words import returns_in_words
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question
from surveyapp.exports.answer_cells import CONTACT_GIVEN
from surveyapp.exports.return_rows import ReturnRow
from surveyapp.exports.returns_pdf.tagged_pages import TaggedPages
from surveyapp.exports.scope_in_words import scope_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import list_in_words, moment_in_words
from surveyapp.foundation.words.shares import counted

NOT_ANSWERED = "Not answered"
KEEP = "Keep this file as you keep the returns: comments stand in it as they were written."


def write_returns_pdf(reading: AuditSnapshot, to: IO[bytes]) -> None:
    """Write each return on pages of its own; memory does not grow with the returns.

    A nil return says its reason. Questions that an agency was not asked are named at the end of its return.
    """
    ours = settings().partnership
    pages = TaggedPages(
        to,
        title=f"Every return: {reading.title}",
        author=ours,
        about=f"{ours}: {reading.title}",
        made_at=reading.read_at,
    )
    _write_cover(pages, reading)
    for each in reading.returns():
        pages.part(f"{each.case.pseudonym}: {each.agency.name}", under=each.case.pseudonym)
        for fact in _about(each):
            pages.paragraph(fact, quiet=True)
        if each.nil_reason:
            _write_nil(pages, each)
        else:
            _write_answers(pages, reading, each)
    pages.end()


def _write_cover(pages: TaggedPages, reading: AuditSnapshot) -> None:
    """The first page: what this is, out of how many, and how to keep it."""
    pages.part(f"Every return: {reading.title}")
    nil = sum(bool(each.nil_reason) for each in reading.asked if each.counts)
    for fact in (
        f"Read: {moment_in_words(reading.read_at)}",
        f"Returned: {returns_in_words(reading.collation)}",
        f"Kept: {scope_in_words(reading)}",
        f"In this file: {counted(len(reading.answers), 'return')}, {nil:,} of them nil",
    ):
        pages.paragraph(fact)
    if not len(reading.answers):
        pages.paragraph("No return has come in.")
    pages.paragraph(KEEP)


def _about(each: ReturnRow) -> Iterator[str]:
    case = (each.case.age_band, each.case.gender, each.case.category, each.case.plan)
    late = ", late" if each.is_late else ""
    yield f"Agency: {each.agency.kind_in_words}"
    yield f"Case: {', '.join(filter(None, case)) or 'nothing else is known'}"
    yield f"Reference: {each.reference}"
    yield f"Returned: {moment_in_words(each.returned_at)}{late}"


def _write_nil(pages: TaggedPages, each: ReturnRow) -> None:
    pages.question("Nil return")
    pages.paragraph(f"The agency was not involved: {each.nil_in_words}.")
    if each.whereabouts:
        pages.paragraph(f"The file is now with: {each.whereabouts}")


def _write_answers(pages: TaggedPages, reading: AuditSnapshot, each: ReturnRow) -> None:
    given = answers_by_question(each.given)
    for one in answers_in_words(reading.definition, each.agency.kind, each.given):
        if one.question is None:
            # What was said of a current practice concern is in no export.
            continue
        pages.question(f"{one.question.number}. {one.question.ask}")
        answer, comments = _answer_and_comments(one.question, one.lines, given.get(one.question.id, ()))
        if len(answer) > 1:
            pages.points(answer)
        else:
            pages.paragraph("".join(answer) or NOT_ANSWERED)
        for comment in comments:
            pages.paragraph(comment)
    left = [
        str(question.number) for question in reading.definition.questions if question.id in each.not_asked
    ]
    if left:
        pages.paragraph(
            f"Not asked: question{'s' if len(left) > 1 else ''} {list_in_words(left)}.", quiet=True
        )


def _answer_and_comments(
    question: Question, lines: tuple[str, ...], given: tuple[GivenAnswer, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was answered, and the comments, which stand last among the lines."""
    count = sum(each.item == COMMENT and bool(each.text) for each in given)
    answer, comments = lines[: len(lines) - count], lines[len(lines) - count :]
    # A person’s name, telephone number and address have no place in an export (stories IL1).
    return ((CONTACT_GIVEN,) if answer and question.kind == "contact" else answer), comments
