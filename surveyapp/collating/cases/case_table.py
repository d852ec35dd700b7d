"""One case laid out: every question a row, every agency a column, the answers in short words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from surveyapp.collating.cases.answers_by_case import NIL, NOT_RETURNED, AgencyReturn, CaseDisagreement
from surveyapp.collating.cases.disagreement import Disagreement
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import chosen_values
from surveyapp.foundation.words.dates_and_lists import day_in_words

NOT_ASKED, BLANK, WRITTEN = "not asked", "blank", "written, below"
# What of a text fits in a cell; a longer one stands whole below the table.
LONGEST_IN_CELL = 40


@dataclass(frozen=True)
class CaseAnswer:
    """One agency's answer; `is_answer` is False for what says why there is none."""

    lines: tuple[str, ...]
    is_answer: bool


@dataclass(frozen=True)
class CaseQuestion:
    """One question of one case: each agency's answer, what was written, and how they disagree."""

    question: Question
    cells: tuple[CaseAnswer, ...]
    # Agency, its answer in short words, and what it wrote.
    texts: tuple[tuple[str, str, str], ...]
    disagreement: Disagreement | None


def side_by_side(
    definition: AuditForm, returns: Sequence[AgencyReturn], apart: CaseDisagreement
) -> list[tuple[str, list[CaseQuestion]]]:
    """Each question that any of these agencies was asked, under the report's headings."""
    asked = {each.request_id: each.questions_asked(definition) for each in returns}
    by_question = {each.question.id: each for each in apart.found}
    themes = []
    for theme, heading in definition.themes.items():
        lines = []
        for question in definition.questions:
            put_to = [question.id in asked[each.request_id] for each in returns]
            if question.theme == theme and any(put_to):
                cells = tuple(_cell(question, *both) for both in zip(returns, put_to, strict=True))
                texts = tuple(_texts(question, returns, cells))
                lines.append(CaseQuestion(question, cells, texts, by_question.get(question.id)))
        if lines:
            themes.append((heading, lines))
    return themes


def _cell(question: Question, found: AgencyReturn, asked: bool) -> CaseAnswer:  # noqa: FBT001 — a pair is unpacked here
    if not asked:
        return CaseAnswer((NOT_ASKED,), is_answer=False)
    if found.state in {NIL, NOT_RETURNED}:
        return CaseAnswer((found.state,), is_answer=False)
    given = [each for each in found.answers.get(question.id, ()) if each.item != COMMENT]
    lines = _short(question, given)
    return CaseAnswer(lines, is_answer=True) if lines else CaseAnswer((BLANK,), is_answer=False)


def _short(question: Question, given: Sequence[GivenAnswer]) -> tuple[str, ...]:
    if not given:
        return ()
    if question.choice_values:
        picked = chosen_values(given)
        return tuple(question.name_of(each) for each in question.choice_values if each in picked)
    if question.kind == "contact":
        # A name and a number are for arranging a conversation, not for reading answers (stories IL1).
        return ("named",)
    text = given[0].text or ""
    if question.kind == "date":
        return (_day(text),)
    return (text if len(text) <= LONGEST_IN_CELL and "\n" not in text else WRITTEN,)


def _texts(
    question: Question, returns: Sequence[AgencyReturn], cells: Sequence[CaseAnswer]
) -> list[tuple[str, str, str]]:
    found = []
    for each, cell in zip(returns, cells, strict=True):
        for said in each.answers.get(question.id, ()) if each.state not in {NIL, NOT_RETURNED} else ():
            is_long = cell.lines == (WRITTEN,) and said.item != COMMENT
            if said.text and (said.item == COMMENT or is_long):
                answer = ", ".join(cell.lines) if said.item == COMMENT and cell.lines != (WRITTEN,) else ""
                found.append((each.agency, answer, said.text))
    return found


def _day(text: str) -> str:
    try:
        return day_in_words(date.fromisoformat(text))
    except ValueError:
        return text
