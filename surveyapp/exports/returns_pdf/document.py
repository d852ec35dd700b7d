"""Writes every return of an audit into one tagged PDF, question by question."""

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


def write_returns_pdf(snapshot: AuditSnapshot, output: IO[bytes]) -> None:
    """Write each return on pages of its own; memory use does not grow with the number of returns.

    A nil return shows its reason. The numbers of questions that an agency was not asked end its return.
    """
    partnership = settings().partnership
    pages = TaggedPages(
        output,
        title=f"Every return: {snapshot.title}",
        author=partnership,
        about=f"{partnership}: {snapshot.title}",
        made_at=snapshot.read_at,
    )
    _write_cover(pages, snapshot)
    for return_row in snapshot.returns():
        case = return_row.case.pseudonym
        pages.part(f"{case}: {return_row.agency.name}", under=case)
        for fact in _facts(return_row):
            pages.paragraph(fact, quiet=True)
        if return_row.nil_reason:
            _write_nil(pages, return_row)
        else:
            _write_answers(pages, snapshot, return_row)
    pages.end()


def _write_cover(pages: TaggedPages, snapshot: AuditSnapshot) -> None:
    """Write the first page: the scope and date of the file, its counts, and how to keep it."""
    pages.part(f"Every return: {snapshot.title}")
    nil = sum(bool(request_row.nil_reason) for request_row in snapshot.counted)
    for fact in (
        f"Read: {moment_in_words(snapshot.read_at)}",
        f"Returned: {returns_in_words(snapshot.collation)}",
        f"Kept: {scope_in_words(snapshot)}",
        f"In this file: {counted(len(snapshot.answers), 'return')}, {nil:,} of them nil",
    ):
        pages.paragraph(fact)
    if not len(snapshot.answers):
        pages.paragraph("No return has come in.")
    pages.paragraph(KEEP)


def _facts(return_row: ReturnRow) -> Iterator[str]:
    """The lines on agency, case, reference and time of a return."""
    case = (return_row.case.age_band, return_row.case.gender, return_row.case.category, return_row.case.plan)
    late = ", late" if return_row.is_late else ""
    keyed_in = f", {return_row.keyed_in}" if return_row.keyed_in else ""
    yield f"Agency: {return_row.agency.kind_in_words}"
    yield f"Case: {', '.join(filter(None, case)) or 'nothing else is known'}"
    yield f"Reference: {return_row.reference}"
    yield f"Returned: {moment_in_words(return_row.returned_at)}{late}{keyed_in}"


def _write_nil(pages: TaggedPages, return_row: ReturnRow) -> None:
    """Write the reason of a nil return."""
    pages.question("Nil return")
    pages.paragraph(f"The agency was not involved: {return_row.nil_in_words}.")
    if return_row.whereabouts:
        pages.paragraph(f"The file is now with: {return_row.whereabouts}")


def _write_answers(pages: TaggedPages, snapshot: AuditSnapshot, return_row: ReturnRow) -> None:
    """Write the questions of a return with their answers and comments."""
    answers = answers_by_question(return_row.given)
    for question_answer in answers_in_words(snapshot.definition, return_row.agency.kind, return_row.given):
        if question_answer.question is None:
            # The text of a current practice concern is in no export.
            continue
        pages.question(f"{question_answer.question.number}. {question_answer.question.ask}")
        answer, comments = _answer_and_comments(
            question_answer.question, question_answer.lines, answers.get(question_answer.question.id, ())
        )
        if len(answer) > 1:
            pages.points(answer)
        else:
            pages.paragraph("".join(answer) or NOT_ANSWERED)
        for comment in comments:
            pages.paragraph(comment)
    not_asked = [
        str(question.number)
        for question in snapshot.definition.questions
        if question.id in return_row.not_asked
    ]
    if not_asked:
        pages.paragraph(
            f"Not asked: question{'s' if len(not_asked) > 1 else ''} {list_in_words(not_asked)}.", quiet=True
        )


def _answer_and_comments(
    question: Question, lines: tuple[str, ...], answers: tuple[GivenAnswer, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the lines of a question into its answer and its comments, which are the last lines."""
    count = sum(answer.item == COMMENT and bool(answer.text) for answer in answers)
    answer, comments = lines[: len(lines) - count], lines[len(lines) - count :]
    # No export contains the details of a contact (stories IL1).
    return ((CONTACT_GIVEN,) if answer and question.kind == "contact" else answer), comments
