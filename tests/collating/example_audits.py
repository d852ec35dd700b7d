"""A form with every kind of rule, audits that use it, and an independent count of their answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from surveyapp.collating.figures import QuestionFigures
from surveyapp.defining.definition import COMMENT, AuditForm
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import is_answered, shown_question_ids
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from tests.row_maker import Maker

ANSWERS = [
    {"value": "yes", "label": "Yes"},
    {"value": "no", "label": "No"},
    {"value": "na", "label": "Not applicable", "counts_as": "not_applicable"},
    {"value": "dk", "label": "Don’t know", "counts_as": "dont_know"},
]
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"id": "seen", "kind": "choice", "ask": "Was the child seen?", "answers": ANSWERS, "comment": "Comments"},
    {
        "id": "alone",
        "kind": "choice",
        "ask": "Was the child seen alone?",
        "answers": ANSWERS,
        "show_if": {"question": "seen", "is": "yes"},
    },
    {
        "id": "by_whom",
        "kind": "choices",
        "ask": "Who saw the child?",
        "answers": [
            *({"value": value, "label": value.title()} for value in ("nurse", "worker", "teacher")),
            {"value": "dk", "label": "Don’t know", "counts_as": "dont_know"},
        ],
        "show_if": {"question": "alone", "is_not": "no"},
    },
    {
        "id": "file",
        "kind": "checklist",
        "ask": "What is on file?",
        "items": [{"id": "plan", "label": "The plan"}, {"id": "notes", "label": "The notes"}],
        "none_of_these": "None of these",
        "comment": "Comments",
    },
    {
        "id": "why_not",
        "kind": "long_text",
        "ask": "Why is nothing on file?",
        "show_if": {"question": "file", "is": "none_of_these"},
    },
    {
        "id": "arrests",
        "kind": "choice",
        "ask": "Was anybody arrested?",
        "answers": ANSWERS[:2],
        "only_for": ["police"],
    },
    {"id": "grade", "kind": "scale", "ask": "How good was it?", "answers": ANSWERS[:2]},
    {"id": "visits", "kind": "number", "ask": "How many visits?", "comment": "Comments"},
)
FORM = AuditForm.model_validate(
    {
        "form": "rounds",
        "title": "Rounds",
        "source": "Ours",
        "themes": {"second": "The second theme", "first": "The first theme"},
        "questions": [
            {"number": number, "theme": "first" if number % 2 else "second", **each}
            for number, each in enumerate(QUESTIONS, start=1)
        ],
    }
)


def audit_of(make: Maker, *, cases: int = 2, kinds: Sequence[str] = ("police", "health")) -> Audit:
    """An audit with this form and one agency of each kind, without returns."""
    audit = make.audit(cases=cases, agencies=[make.agency(kind=kind) for kind in kinds])
    audit.form_definition = FORM.to_json()
    session.commit()
    return audit


def chose(question: str, option: str) -> tuple[GivenAnswer, ...]:
    """A chosen option."""
    return (GivenAnswer(question, option=option),)


def ticked(question: str, *lines: str) -> tuple[GivenAnswer, ...]:
    """A checklist with these lines ticked, or with “none of these”."""
    items = FORM.question(question).items
    return tuple(
        GivenAnswer(question, item=line.id, option="yes" if line.id in lines else "no") for line in items
    )


def commented(question: str, text: str) -> tuple[GivenAnswer, ...]:
    """A comment under a question."""
    return (GivenAnswer(question, item=COMMENT, text=text),)


@dataclass
class ByHand:
    """The counts of one question, made independently from the returns."""

    asked: int = 0
    answered: int = 0
    commented: int = 0
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)


def by_hand(returned: Iterable[tuple[str, tuple[GivenAnswer, ...]]]) -> Mapping[str, ByHand]:
    """Count each question in Python from returns given as kind of agency and answers."""
    counts = {question.id: ByHand() for question in FORM.questions}
    for kind, given in returned:
        asked = shown_question_ids(FORM.questions_for(kind), given)
        for name in asked:
            to_question = [answer for answer in given if answer.question == name]
            counts[name].asked += 1
            counts[name].answered += is_answered(to_question)
            counts[name].commented += any(answer.item == COMMENT for answer in to_question)
            counts[name].chosen.update(
                (answer.item, answer.option) for answer in to_question if answer.option
            )
    return counts


def counts_of(figures: QuestionFigures) -> ByHand:
    """The counts of our figures in the shape of ByHand."""
    chosen = {("", row.value): row.count for row in figures.rows}
    chosen |= {(line.id, row.value): row.count for line in figures.lines for row in line.rows}
    return ByHand(
        figures.asked,
        figures.answered,
        figures.commented,
        Counter({answer: count for answer, count in chosen.items() if count}),
    )


def a_return() -> st.SearchStrategy[tuple[GivenAnswer, ...]]:
    """A strategy for the answers of one return, including comments on blank questions."""
    option = st.sampled_from(["yes", "no", "na", "dk"])
    yes_no = st.sampled_from(["yes", "no"])

    def one(name: str, options: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[GivenAnswer, ...]]:
        return st.just(()) | options.map(lambda value: chose(name, value))

    people = st.sets(st.sampled_from(["nurse", "worker", "teacher", "dk"])).map(
        lambda people: tuple(GivenAnswer("by_whom", option=option) for option in sorted(people))
    )
    lines = st.none() | st.sets(st.sampled_from(["plan", "notes"]))
    file = lines.map(lambda names: () if names is None else ticked("file", *names))
    return st.tuples(
        one("seen", option),
        one("alone", option),
        people,
        file,
        st.sampled_from([(), (GivenAnswer("why_not", text="Lost."),)]),
        one("arrests", yes_no),
        one("grade", yes_no),
        st.sampled_from([(), (GivenAnswer("visits", text="3"),)]),
        st.sampled_from([(), commented("seen", "Well."), commented("visits", "Many.")]),
    ).map(lambda parts: tuple(given for part in parts for given in part))
