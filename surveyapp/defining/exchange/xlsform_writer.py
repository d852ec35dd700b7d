"""A form as an XLSForm (https://xlsform.org), for KoboToolbox, ODK and others, and what that cannot say."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question
from surveyapp.defining.exchange.xlsform_words import none_alone_words, written_words
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_parts import TODAY, Option, Statement
from surveyapp.foundation.documents.sheet_writer import WorkbookWriter

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
_SURVEY_COLUMNS = {
    "type": 30, "name": 26, "label": 60, "hint": 30, "required": 12, "required_message": 24, "relevant": 40,
    "constraint": 30, "constraint_message": 30, "appearance": 12, "parameters": 20,
}  # fmt: skip
_CHOICE_COLUMNS = {"list_name": 26, "name": 26, "label": 60}
_SETTING_COLUMNS = {"form_title": 40, "form_id": 30, "version": 16}
_TYPES = {"text": "text", "long_text": "text", "number": "integer", "date": "date"}


@dataclass
class XlsForm:
    """The rows of an XLSForm, and a sentence for each part of the form that it does not hold."""

    survey: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)


def xlsform_of(form: AuditForm, *, version: str) -> XlsForm:
    """A form as the rows of an XLSForm. `version` is the text by which tools tell two uploads apart."""
    made = XlsForm(
        settings={"form_title": written_words(form.title), "form_id": form.form, "version": version}
    )
    made.losses += _losses_of_form(form)
    names = _Names(form)
    is_open = False
    for question in form.questions:
        if question.section:
            if is_open:
                made.survey.append({"type": "end_group"})
            group = {"type": "begin_group", "name": names.free(f"part_{question.number}")}
            made.survey.append({**group, "label": written_words(question.section)})
            is_open = True
        made.survey += _rows(form, question, names)
        made.choices += _choices(question)
        made.losses += _losses(form, question)
    if is_open:
        made.survey.append({"type": "end_group"})
    return made


class _Names:
    """The names of rows, of which no two may be alike, in capitals or small letters."""

    def __init__(self, form: AuditForm) -> None:
        """Begin with the questions, whose ids are their names."""
        self._taken = {question.id for question in form.questions}

    def free(self, name: str) -> str:
        """A name, with as many “_” behind it as make it a name of its own."""
        while name in self._taken:
            name = f"{name}_"
        self._taken.add(name)
        return name


def write_xlsform(made: XlsForm, *, made_at: datetime) -> bytes:
    """An XLSForm as a workbook (.xlsx)."""
    output = io.BytesIO()
    sheets: tuple[tuple[str, dict[str, int], Iterable[dict[str, str]]], ...] = (
        (SURVEY, _SURVEY_COLUMNS, made.survey),
        (CHOICES, _CHOICE_COLUMNS, made.choices),
        (SETTINGS, _SETTING_COLUMNS, [made.settings]),
    )
    title = made.settings["form_title"]
    book = WorkbookWriter(output, title=title, made_at=made_at, reserved=[name for name, _, _ in sheets])
    for name, columns, rows in sheets:
        sheet = book.reserved_sheet(name, tuple(columns), tuple(columns.values()), wrap=True)
        for row in rows:
            sheet.add([row.get(column, "") for column in columns])
        sheet.end()
    book.close()
    return output.getvalue()


def _rows(form: AuditForm, question: Question, names: _Names) -> Iterator[dict[str, str]]:
    relevant = _relevant(form, question)
    shared = {
        "name": question.id,
        "label": written_words(question.ask),
        "hint": written_words(question.hint or ""),
        "relevant": relevant,
        "required": "yes" if question.required else "",
    }
    if question.kind == "contact":
        yield {"type": "begin_group", **shared, "required": ""}
        for part, label in CONTACT_PARTS.items():
            yield {"type": "text", "name": names.free(f"{question.id}_{part}"), "label": label}
        yield {"type": "end_group"}
    else:
        yield {**shared, **_type(question)}
    if question.comment:
        yield {
            "type": "text",
            "name": names.free(f"{question.id}_{COMMENT}"),
            "label": written_words(question.comment),
            "appearance": "multiline",
            "relevant": relevant,
            "required": _is_one_of(question, question.comment_when),
        }


def _is_one_of(question: Question, choices: Iterable[str]) -> str:
    """The expression that a choice of a question is one of these."""
    is_number = question.kind == "scale" and question.lowest is not None
    form = "${{{}}} = {}" if is_number else "selected(${{{}}}, '{}')"
    return " or ".join(form.format(question.id, choice) for choice in choices)


def _type(question: Question) -> dict[str, str]:
    kind = QUESTION_KINDS[question.kind]
    if question.kind == "scale" and question.lowest is not None:
        bounds = f"start={question.lowest} end={question.highest} step=1"
        ends = (
            f"{number}: {words}"
            for number, words in (
                (question.lowest, question.lowest_label),
                (question.highest, question.highest_label),
            )
            if words
        )
        hint = ". ".join(filter(None, (question.hint, "; ".join(ends))))
        return {"type": "range", "parameters": bounds, "hint": written_words(hint)}
    if kind.offers:
        several = kind.gives_several_answers or kind.offers == "items"
        made = {"type": f"select_{'multiple' if several else 'one'} {question.id}"}
        if question.none_of_these:
            made["constraint"] = f"not(selected(., '{NONE_OF_THESE}') and count-selected(.) > 1)"
            made["constraint_message"] = written_words(none_alone_words(question.none_of_these))
        return made
    made = {"type": _TYPES[question.kind]}
    if question.kind == "long_text":
        made["appearance"] = "multiline"
    bounds = " and ".join(_bounds(question))
    return made | ({"constraint": bounds} if bounds else {})


def _bounds(question: Question) -> Iterator[str]:
    for sign, number in ((">=", question.lowest), ("<=", question.highest)):
        if number is not None:
            yield f". {sign} {number}"
    for sign, day in ((">=", question.earliest), ("<=", question.latest)):
        if day is not None:
            yield f". {sign} today()" if day == TODAY else f". {sign} date('{day}')"


def _choices(question: Question) -> Iterator[dict[str, str]]:
    if question.kind == "scale" and question.lowest is not None:
        return
    for value in question.choice_values:
        offered = question.option(value) or question.statement(value)
        label = offered.wording if offered else question.none_of_these or value
        yield {"list_name": question.id, "name": value, "label": written_words(label)}


def _relevant(form: AuditForm, question: Question) -> str:
    rule = question.show_if
    if rule is None:
        return ""
    gate = form.question(rule.question)
    if rule.is_not is not None:
        return f"${{{gate.id}}} != '' and not({_is_one_of(gate, rule.options)})"
    return _is_one_of(gate, rule.options)


def _losses_of_form(form: AuditForm) -> Iterator[str]:
    yield "The box for a current practice concern is not in the file: only this program has it."
    if len(form.themes) > 1:
        yield "The themes of the report, and which question belongs to which, are not in the file."
    yield f"The source, “{form.source}”, and the minutes are not in the file."
    if [question.number for question in form.questions] != list(range(1, len(form.questions) + 1)):
        yield "The numbers of the questions are not in the file: taken again, they are numbered from 1."


def _losses(form: AuditForm, question: Question) -> Iterator[str]:
    answers: list[Option | Statement] = [*question.answers, *question.items]
    short = question.short or any(answer.short for answer in answers)
    is_needed_contact = question.kind == "contact" and question.required
    for is_lost, words in (
        (question.only_for, "it is asked of some kinds of agency only; in the file it is asked of all"),
        (question.is_comparable, "which answers of two agencies cannot both be true is not in the file"),
        (
            any(option.counts_as for option in question.answers),
            "which answers count as “not applicable” or “don’t know” is not in the file",
        ),
        (
            any(option.raises_concern for option in question.answers),
            "an answer tells the partnership of a concern at once; in the file it does not",
        ),
        (short, "the short names for charts are not in the file"),
        (
            any(answer.hint for answer in answers),
            "the help beside answers is part of their words in the file",
        ),
        (
            question.lowest_label or question.highest_label,
            "what the ends of the scale mean is part of the help in the file",
        ),
        (question.same_as, "that it repeats another question is not in the file"),
        (question.concern_beside, "the box for a concern, which stands below it, is not in the file"),
        (
            question.kind == "contact",
            "a person to speak to becomes three lines of text, and addresses are not checked",
        ),
        (
            question.kind == "checklist" and not question.none_of_these,
            "its lines to tick become answers of which several may be chosen",
        ),
        (
            question.kind == "scale" and question.lowest is None,
            "its grades become answers of which one is chosen",
        ),
        (
            _reads_as_comment(form, question),
            "by its name, tools and this program take it for the comments box of the question before it",
        ),
        (is_needed_contact, "it has to be answered; in the file none of its three lines has to be"),
    ):
        if is_lost:
            yield f"Question {question.number}, “{question.name}”: {words}."


def _reads_as_comment(form: AuditForm, question: Question) -> bool:
    """Whether a text is named as the comments box of the question before it would be."""
    place = form.questions.index(question)
    before = form.questions[place - 1] if place else None
    is_text = question.kind in {"text", "long_text"}
    return bool(
        before and is_text and not before.comment and question.id.rstrip("_") == f"{before.id}_{COMMENT}"
    )
