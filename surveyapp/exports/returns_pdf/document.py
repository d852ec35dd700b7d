"""Every return of an audit as one tagged PDF: each as it was returned, question by question."""

from collections.abc import Iterator
from typing import IO

from surveyapp.answering.returns.answers_in_words import said
from surveyapp.collating.figures_in_words import returns_in_words
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.defining.question_kinds import Given
from surveyapp.defining.shown_questions import by_question
from surveyapp.exports.answer_cells import CONTACT_GIVEN
from surveyapp.exports.return_rows import Returned
from surveyapp.exports.returns_pdf.tagged_pages import Pages
from surveyapp.exports.scope_in_words import kept
from surveyapp.exports.snapshot import Reading
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import listed, moment_in_words
from surveyapp.foundation.words.shares import counted

NOT_ANSWERED = "Not answered"
KEEP = "Keep this file as you keep the returns: comments stand in it as they were written."


def write_returns_pdf(reading: Reading, to: IO[bytes]) -> None:
    """Write each return on pages of its own; memory does not grow with the returns.

    A nil return says its reason. Questions that an agency was not asked are named at the end of its return.
    """
    ours = settings().partnership
    pages = Pages(
        to,
        title=f"Every return: {reading.title}",
        author=ours,
        about=f"{ours}: {reading.title}",
        made_at=reading.read_at,
    )
    _begin(pages, reading)
    for each in reading.returns():
        pages.part(f"{each.case.pseudonym}: {each.agency.name}", under=each.case.pseudonym)
        for fact in _about(each):
            pages.paragraph(fact, quiet=True)
        if each.nil_reason:
            _write_nil(pages, each)
        else:
            _write_answers(pages, reading, each)
    pages.end()


def _begin(pages: Pages, reading: Reading) -> None:
    """The first page: what this is, out of how many, and how to keep it."""
    pages.part(f"Every return: {reading.title}")
    nil = sum(bool(each.nil_reason) for each in reading.asked if each.counts)
    for fact in (
        f"Read: {moment_in_words(reading.read_at)}",
        f"Returned: {returns_in_words(reading.collation)}",
        f"Kept: {kept(reading)}",
        f"In this file: {counted(len(reading.answers), 'return')}, {nil:,} of them nil",
    ):
        pages.paragraph(fact)
    if not len(reading.answers):
        pages.paragraph("No return has come in.")
    pages.paragraph(KEEP)


def _about(each: Returned) -> Iterator[str]:
    case = (each.case.age_band, each.case.gender, each.case.category, each.case.plan)
    late = ", late" if each.is_late else ""
    yield f"Agency: {each.agency.kind_in_words}"
    yield f"Case: {', '.join(filter(None, case)) or 'nothing else is known'}"
    yield f"Reference: {each.reference}"
    yield f"Returned: {moment_in_words(each.returned_at)}{late}"


def _write_nil(pages: Pages, each: Returned) -> None:
    pages.question("Nil return")
    pages.paragraph(f"The agency was not involved: {each.nil_in_words}.")
    if each.whereabouts:
        pages.paragraph(f"The file is now with: {each.whereabouts}")


def _write_answers(pages: Pages, reading: Reading, each: Returned) -> None:
    given = by_question(each.given)
    for one in said(reading.definition, each.agency.kind, each.given):
        if one.question is None:
            # What was said of a current practice concern is in no export.
            continue
        pages.question(f"{one.question.number}. {one.question.ask}")
        answer, comments = _parted(one.question, one.lines, given.get(one.question.id, ()))
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
        pages.paragraph(f"Not asked: question{'s' if len(left) > 1 else ''} {listed(left)}.", quiet=True)


def _parted(
    question: Question, lines: tuple[str, ...], given: tuple[Given, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was answered, and the comments, which stand last among the lines."""
    count = sum(each.item == COMMENT and bool(each.text) for each in given)
    answer, comments = lines[: len(lines) - count], lines[len(lines) - count :]
    # A person’s name, telephone number and address have no place in an export (stories IL1).
    return ((CONTACT_GIVEN,) if answer and question.kind == "contact" else answer), comments
