"""A form with every way of asking, audits that use it, and what anybody would count by hand."""

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
            *({"value": each, "label": each.title()} for each in ("nurse", "worker", "teacher")),
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
    """An audit that asks this form, with one agency of each kind and nothing returned."""
    audit = make.audit(cases=cases, agencies=[make.agency(kind=kind) for kind in kinds])
    audit.form_definition = FORM.to_json()
    session.commit()
    return audit


def chose(question: str, option: str) -> tuple[GivenAnswer, ...]:
    """One option chosen."""
    return (GivenAnswer(question, option=option),)


def ticked(question: str, *lines: str) -> tuple[GivenAnswer, ...]:
    """A checklist answered: these lines, or none."""
    items = FORM.question(question).items
    return tuple(
        GivenAnswer(question, item=each.id, option="yes" if each.id in lines else "no") for each in items
    )


def commented(question: str, text: str) -> tuple[GivenAnswer, ...]:
    """A comment under a question."""
    return (GivenAnswer(question, item=COMMENT, text=text),)


@dataclass
class ByHand:
    """The counts of one question, as somebody with the returns on a table would make them."""

    asked: int = 0
    answered: int = 0
    commented: int = 0
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)


def by_hand(returned: Iterable[tuple[str, tuple[GivenAnswer, ...]]]) -> Mapping[str, ByHand]:
    """Count (kind of agency, what it returned), one return after the other."""
    found = {each.id: ByHand() for each in FORM.questions}
    for kind, given in returned:
        asked = shown_question_ids(FORM.questions_for(kind), given)
        for name in asked:
            mine = [each for each in given if each.question == name]
            found[name].asked += 1
            found[name].answered += is_answered(mine)
            found[name].commented += any(each.item == COMMENT for each in mine)
            found[name].chosen.update((each.item, each.option) for each in mine if each.option)
    return found


def counts_of(figures: QuestionFigures) -> ByHand:
    """The counts that our figures give, in the same shape."""
    chosen = {("", row.value): row.count for row in figures.rows}
    chosen |= {(line.id, row.value): row.count for line in figures.lines for row in line.rows}
    return ByHand(
        figures.asked,
        figures.answered,
        figures.commented,
        Counter({answer: count for answer, count in chosen.items() if count}),
    )


def a_return() -> st.SearchStrategy[tuple[GivenAnswer, ...]]:
    """Any answers that one return may hold, comments beside questions left blank among them."""
    option = st.sampled_from(["yes", "no", "na", "dk"])
    yes_no = st.sampled_from(["yes", "no"])

    def one(name: str, options: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[GivenAnswer, ...]]:
        return st.just(()) | options.map(lambda each: chose(name, each))

    people = st.sets(st.sampled_from(["nurse", "worker", "teacher", "dk"])).map(
        lambda picked: tuple(GivenAnswer("by_whom", option=each) for each in sorted(picked))
    )
    lines = st.none() | st.sets(st.sampled_from(["plan", "notes"]))
    file = lines.map(lambda picked: () if picked is None else ticked("file", *picked))
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
