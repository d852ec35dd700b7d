"""Between a question and the web form on which it is changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.editing.answer_rows import (
    COUNTS_AS,
    empty_row,
    options_of,
    rows_of,
    statements_of,
    with_values,
)
from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.editing.draft_changes import question_id
from surveyapp.defining.editing.forms import KINDS_IN_WORDS, QuestionForm
from surveyapp.defining.form_schema import WrittenQuestion, question_with_answers
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_parts import TODAY, Option, Role, ShowIf, Statement
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.dates_and_lists import document_day, list_in_words
from surveyapp.foundation.words.typed_dates import stored_date

COMMENTS = "Comments"
_NEW_ROWS = 2
_EMPTY_PAIRS = 2
# Answers that a press of a button fills in: what is stored, the words, and what each counts as.
READY_ANSWERS = {
    "yes_no": (
        "Yes, No, Not applicable, Don’t know",
        (
            ("yes", "Yes", ""),
            ("no", "No", ""),
            ("not_applicable", "Not applicable", "not_applicable"),
            ("dont_know", "Don’t know", "dont_know"),
        ),
    ),
    "grades": (
        "four grades",
        (
            ("outstanding", "Outstanding", ""),
            ("good", "Good", ""),
            ("requires_improvement", "Requires improvement", ""),
            ("inadequate", "Inadequate", ""),
        ),
    ),
}


def new_question_values(draft: FormDraft) -> dict[str, Any]:
    """What stands on the page of a new question."""
    themes = list(draft.themes)
    return {
        "kind": "choice",
        "comment": COMMENTS,
        "theme": draft.questions[-1].theme if draft.questions else themes[0] if themes else "",
        "answers": [empty_row() for _ in range(_NEW_ROWS)],
        "conflicts": [{"one": "", "other": ""}] * _EMPTY_PAIRS,
    }


def question_values(question: WrittenQuestion) -> dict[str, Any]:
    """What stands on the page of a question."""
    rule = question.show_if
    own = () if isinstance(question.answers, str) else question.answers or ()
    return {
        **{
            name: getattr(question, name) or ""
            for name in ("ask", "kind", "hint", "none_of_these", "comment", "section", "theme", "short")
        },
        "answers_from": question.answers if isinstance(question.answers, str) else "",
        "answers": rows_of(own or question.items, question.comment_when),
        "comment_when": list(question.comment_when),
        "lowest": _number(question.lowest),
        "highest": _number(question.highest),
        "lowest_label": question.lowest_label or "",
        "highest_label": question.highest_label or "",
        "earliest": _day(question.earliest),
        "latest": _day(question.latest),
        "required": question.required,
        "only_for": list(question.only_for),
        "show_question": rule.question if rule else "",
        "show_rule": "is_not" if rule and rule.is_not is not None else "is",
        "show_options": list(rule.options) if rule else [],
        "same_as": question.same_as or "",
        "concern_beside": question.concern_beside,
        "conflicts": [
            *({"one": pair[0], "other": pair[-1]} for pair in question.conflicts),
            *({"one": "", "other": ""} for _ in range(_EMPTY_PAIRS)),
        ],
        "role_own": question.role.own if question.role else "",
        "role_another": question.role.another if question.role else "",
    }


def offer_choices(form: QuestionForm, draft: FormDraft, stored: WrittenQuestion | None) -> None:
    """Offer in each list what the form has: its lists of answers, its themes, its earlier questions."""
    earlier = tuple(_earlier(draft, stored))
    gate = draft.question(form.show_question.data or "")
    named = draft.answers.get(form.answers_from.data or "")
    options: Iterable[tuple[str, str]] = (
        ((row["value"], row["label"]) for row in with_values(form.answers.rows))
        if named is None
        else ((option.value, option.label) for option in named)
    )
    form.offer(
        lists=[(name, _list_in_words(draft, name)) for name in draft.answers],
        themes=list(draft.themes.items()),
        gates=[(one.id, _in_words(one)) for one in earlier if QUESTION_KINDS[one.kind].offers],
        gate_options=[] if gate is None else list(_choices(draft, gate)),
        earlier=[(one.id, _in_words(one)) for one in earlier],
        options=options,
    )


def question_from(form: QuestionForm, draft: FormDraft, stored: WrittenQuestion | None) -> WrittenQuestion:
    """The question that a valid page describes; a new one gets a free id."""
    name = stored.id if stored else question_id(form.short.data or form.ask.data or "", draft)
    kind = QUESTION_KINDS[form.kind.data]
    rows = with_values(form.answers.rows)
    named = form.answers_from.data if form.answers_from.data in draft.answers else None
    is_checklist = kind.offers == "items"
    own = () if named else tuple(row["value"] for row in rows if row["needs_comment"])
    comment = form.comment.data or None
    role = Role(own=form.role_own.data, another=form.role_another.data) if form.role_own.data else None
    return WrittenQuestion(
        id=name,
        number=stored.number if stored else len(draft.questions) + 1,
        section=form.section.data or None,
        theme=form.theme.data,
        kind=form.kind.data,
        ask=form.ask.data,
        short=form.short.data or None,
        hint=form.hint.data or None,
        required=form.required.data,
        answers=None if is_checklist else named or options_of(rows) or None,
        items=statements_of(rows) if is_checklist and not named else (),
        none_of_these=form.none_of_these.data or None,
        # What the page of a new question offers by itself is left out where the kind has no use for it.
        comment=comment if kind.takes_comment or comment != COMMENTS else None,
        comment_when=_as_before(
            tuple(form.comment_when.data or ()) if named else own, stored.comment_when if stored else ()
        ),
        show_if=_show_if(form),
        same_as=form.same_as.data or None,
        only_for=_as_before(tuple(form.only_for.data or ()), stored.only_for if stored else ()),
        conflicts=tuple(
            (pair.form.one.data, pair.form.other.data) for pair in form.conflicts if pair.form.one.data
        ),
        role=role,
        concern_beside=form.concern_beside.data,
        lowest=form.lowest.number,
        highest=form.highest.number,
        lowest_label=form.lowest_label.data or None,
        highest_label=form.highest_label.data or None,
        earliest=form.earliest.bound,
        latest=form.latest.bound,
    )


def ready_rows(name: str) -> list[dict[str, Any]]:
    """The rows that a button fills in; none for a name that no button has."""
    _, answers = READY_ANSWERS.get(name, ("", ()))
    options = (Option(value=value, label=label) for value, label, _ in answers)
    counts = {value: counts_as for value, _, counts_as in answers}
    return [{**row, "counts_as": counts[row["value"]]} for row in rows_of(options)]


def shown_question(question: WrittenQuestion, draft: FormDraft) -> AuditForm:
    """A form of this question alone, as the page shows it to an agency beside its fields."""
    alone = question_with_answers(
        question.model_copy(update={"id": "preview", "show_if": None}), draft.answers
    )
    shown = Question.model_construct(**dict(alone))
    return AuditForm.model_construct(
        form=draft.form, title=draft.title, source=draft.source, themes=draft.themes, questions=(shown,)
    )


def list_in_short(question: WrittenQuestion, draft: FormDraft) -> str:
    """The answers or lines of a question in one line, for the outline; empty for a written answer."""
    parts: tuple[Option | Statement, ...] = (*draft.options_of(question), *question.items)
    if not parts and question.lowest is not None and question.highest is not None:
        return f"{question.lowest} to {question.highest}"
    return " · ".join(part.name for part in parts)


def differences(stored: WrittenQuestion, typed: WrittenQuestion, draft: FormDraft) -> list[tuple[str, str]]:
    """What is stored where it differs from what was typed, each with its name, for the page of a conflict."""
    there, here = _described(stored, draft), _described(typed, draft)
    return [(name, words or "nothing") for name, words in there.items() if words != here[name]]


def _described(question: WrittenQuestion, draft: FormDraft) -> dict[str, str]:
    """The parts of a question in words, by the name of each on its page."""
    asked = question_with_answers(question, draft.answers)
    rule = question.show_if
    gate = draft.question(rule.question) if rule else None
    when = ""
    if rule and gate:
        gate_asked = question_with_answers(gate, draft.answers)
        options = list_in_words([f"“{gate_asked.label_of(value)}”" for value in rule.options])
        when = f"question {gate.number} is {'anything but ' if rule.is_not is not None else ''}{options}"
    parts: tuple[Option | Statement, ...] = (*draft.options_of(question), *question.items)
    return {
        "The question": question.ask,
        "How it is answered": KINDS_IN_WORDS[question.kind],
        "Help": question.hint or "",
        "Answers": "; ".join(_described_part(part) for part in parts),
        "“None of these”": question.none_of_these or "",
        "Comments box": question.comment or "",
        "Answers that need a comment": "; ".join(asked.label_of(value) for value in question.comment_when),
        "Numbers": " ".join(
            filter(
                None,
                (
                    _number(question.lowest),
                    question.lowest_label,
                    _number(question.highest),
                    question.highest_label,
                ),
            )
        ),
        "Days": " to ".join(filter(None, (_day(question.earliest), _day(question.latest)))),
        "Heading above": question.section or "",
        "Has to be answered": "yes" if question.required else "",
        "Only for": list_in_words([AGENCY_KINDS.get(kind, kind) for kind in question.only_for]),
        "Asked if": when,
        "Theme": draft.themes.get(question.theme, ""),
        "Short name": question.short or "",
        "Repeats": next((one.ask for one in draft.questions if one.id == question.same_as), ""),
        "Box for a concern": "below this question" if question.concern_beside else "",
        "Cannot both be true": "; ".join(
            " and ".join(asked.label_of(value) for value in pair) for pair in question.conflicts
        ),
        "Task of one agency": (
            f"{asked.label_of(question.role.own)}; {asked.label_of(question.role.another)}"
            if question.role
            else ""
        ),
    }


def _described_part(part: Option | Statement) -> str:
    extra = [part.short and f"short: {part.short}", part.hint and f"help: {part.hint}"]
    if isinstance(part, Option):
        extra.append(part.counts_as and f"counts as {COUNTS_AS[part.counts_as].lower()}")
        extra.append("tells of a concern" if part.raises_concern else None)
    more = ", ".join(filter(None, extra))
    return f"{part.label} ({more})" if more else part.label


def _in_words(question: WrittenQuestion) -> str:
    return f"{question.number}. {question.name}"


def _list_in_words(draft: FormDraft, name: str) -> str:
    labels = ", ".join(option.name for option in draft.answers[name])
    numbers = [str(question.number) for question in draft.users_of_list(name)]
    shared = f" (question{'s' if len(numbers) > 1 else ''} {list_in_words(numbers)})" if numbers else ""
    return f"{labels}{shared}"


def _earlier(draft: FormDraft, stored: WrittenQuestion | None) -> Iterator[WrittenQuestion]:
    for question in draft.questions:
        if stored is not None and question.id == stored.id:
            return
        yield question


def _choices(draft: FormDraft, gate: WrittenQuestion) -> Iterator[tuple[str, str]]:
    question = question_with_answers(gate, draft.answers)
    return ((value, question.label_of(value)) for value in question.choice_values)


def _as_before(ticked: tuple[str, ...], stored: tuple[str, ...]) -> tuple[str, ...]:
    """The ticks of a page in the order in which they are stored, if they are the same."""
    return stored if set(ticked) == set(stored) else ticked


def _show_if(form: QuestionForm) -> ShowIf | None:
    options = tuple(form.show_options.data or ())
    if not form.show_question.data or not options:
        return None
    if form.show_rule.data == "is_not":
        return ShowIf(question=form.show_question.data, is_not=options[0])
    if len(options) == 1:
        return ShowIf(question=form.show_question.data, is_=options[0])
    return ShowIf(question=form.show_question.data, one_of=options)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _day(bound: str | None) -> str:
    if not bound or bound == TODAY:
        return bound or ""
    day = stored_date(bound)
    return bound if day is None else document_day(day)
