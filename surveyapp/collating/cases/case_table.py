"""The table of one case: a row for each question, a column for each agency, the answers in short words."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.collating.cases.answers_by_case import NIL, NOT_RETURNED, AgencyReturn
from surveyapp.collating.cases.case_disagreement import CaseDisagreement
from surveyapp.collating.cases.disagreement import Disagreement
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import chosen_values
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.typed_dates import stored_date

NOT_ASKED, BLANK, WRITTEN = "not asked", "blank", "written, below"
# In characters. A longer text is printed in full below the table.
LONGEST_IN_CELL = 40


@dataclass(frozen=True)
class CaseAnswer:
    """One cell; `is_answer` is False where the words say why there is no answer."""

    lines: tuple[str, ...]
    is_answer: bool


@dataclass(frozen=True)
class CaseQuestion:
    """One row: each agency's answer to a question, the texts below it, and how the agencies disagree."""

    question: Question
    cells: tuple[CaseAnswer, ...]
    # The agency, its answer in short words where the text is a comment, and the text.
    texts: tuple[tuple[str, str, str], ...]
    disagreement: Disagreement | None


def side_by_side(
    definition: AuditForm, returns: Sequence[AgencyReturn], case_disagreement: CaseDisagreement
) -> list[tuple[str, list[CaseQuestion]]]:
    """The rows of a case under the report's headings: each question that any of the agencies was asked."""
    asked_ids = {agency.request_id: agency.questions_asked(definition) for agency in returns}
    disagreements = {
        disagreement.question.id: disagreement for disagreement in case_disagreement.disagreements
    }
    themes = []
    for theme, heading in definition.themes.items():
        rows = []
        for question in definition.questions:
            is_asked = [question.id in asked_ids[agency.request_id] for agency in returns]
            if question.theme == theme and any(is_asked):
                cells = tuple(
                    _cell(question, agency, asked=asked_here)
                    for agency, asked_here in zip(returns, is_asked, strict=True)
                )
                texts = tuple(_texts(question, returns, cells))
                rows.append(CaseQuestion(question, cells, texts, disagreements.get(question.id)))
        if rows:
            themes.append((heading, rows))
    return themes


def _cell(question: Question, agency: AgencyReturn, *, asked: bool) -> CaseAnswer:
    if not asked:
        return CaseAnswer((NOT_ASKED,), is_answer=False)
    if agency.state in {NIL, NOT_RETURNED}:
        return CaseAnswer((agency.state,), is_answer=False)
    answers = [answer for answer in agency.answers.get(question.id, ()) if answer.item != COMMENT]
    lines = _short_answer(question, answers)
    return CaseAnswer(lines, is_answer=True) if lines else CaseAnswer((BLANK,), is_answer=False)


def _short_answer(question: Question, answers: Sequence[GivenAnswer]) -> tuple[str, ...]:
    if not answers:
        return ()
    if question.choice_values:
        chosen_options = chosen_values(answers)
        return tuple(question.name_of(value) for value in question.choice_values if value in chosen_options)
    if question.kind == "contact":
        # The name and number serve to arrange a conversation, not to read answers (stories IL1).
        return ("named",)
    text = answers[0].text or ""
    if question.kind == "date":
        return (_day(text),)
    return (text if len(text) <= LONGEST_IN_CELL and "\n" not in text else WRITTEN,)


def _texts(
    question: Question, returns: Sequence[AgencyReturn], cells: Sequence[CaseAnswer]
) -> list[tuple[str, str, str]]:
    texts = []
    for agency, cell in zip(returns, cells, strict=True):
        if agency.state in {NIL, NOT_RETURNED}:
            continue
        is_written = cell.lines == (WRITTEN,)
        for answer in agency.answers.get(question.id, ()):
            is_comment = answer.item == COMMENT
            if answer.text and (is_comment or is_written):
                beside = ", ".join(cell.lines) if is_comment and not is_written else ""
                texts.append((agency.agency, beside, answer.text))
    return texts


def _day(text: str) -> str:
    day = stored_date(text)
    return day_in_words(day) if day else text
