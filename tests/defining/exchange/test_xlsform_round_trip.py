"""Whatever a form of ours says, pyxform accepts its XLSForm, and what comes back is the same or was named."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.xlsform_writer import xlsform_of
from surveyapp.foundation.words.clean_text import clean_text
from tests.defining.exchange.xlsforms import written

# With what tools would take for an answer to fill in, for emphasis, or for a mark of their own.
_PIECES = st.one_of(
    st.sampled_from(
        [
            "${",
            "${why}",
            "}",
            "**",
            "<b>",
            "</b>",
            "<",
            "&",
            "“x”",
            "’",
            '"',
            "'",
            "=",
            "\n",
            "_x_",
            "  ",
            "$",
        ]
    ),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=8),
)
WORDS = (
    st.lists(_PIECES, min_size=1, max_size=6)
    .map(lambda pieces: clean_text("".join(pieces)).replace("\u200b", "").strip())
    .filter(lambda words: words != "" and "_x" not in words)
)
ID = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(lambda name: name not in {"meta", "name"})


@st.composite
def forms(draw: st.DrawFn) -> AuditForm:
    """A form of one to four questions of any kind, each with whatever its kind may have."""
    ids = draw(st.lists(ID, min_size=1, max_size=4, unique=True))
    questions: list[dict[str, Any]] = []
    for number, name in enumerate(ids, 1):
        question: dict[str, Any] = {"id": name, "number": number, "theme": "practice", "ask": draw(WORDS)}
        question |= draw(_parts())
        for part in ("section", "hint", "short"):
            if draw(st.booleans()):
                question[part] = draw(WORDS)
        question["required"] = draw(st.booleans())
        if draw(st.booleans()):
            question |= draw(_shown_if(questions))
        if draw(st.booleans()):
            question["comment"] = draw(WORDS)
            chosen, has_rule = _choices(question), draw(st.booleans())
            if chosen and has_rule:
                question["comment_when"] = draw(
                    st.lists(st.sampled_from(chosen), min_size=1, max_size=2, unique=True)
                )
        questions.append(question)
    content = {"form": "tried", "title": draw(WORDS), "source": "S", "themes": {"practice": "P"}}
    return AuditForm.model_validate({**content, "questions": questions})


@st.composite
def _parts(draw: st.DrawFn) -> dict[str, Any]:
    """What a question of one kind has."""
    kind = draw(
        st.sampled_from(
            ["choice", "choices", "checklist", "scale", "text", "long_text", "number", "date", "contact"]
        )
    )
    values = draw(
        st.lists(
            ID.filter(lambda name: name not in {"none_of_these", "comment"}),
            min_size=2,
            max_size=3,
            unique=True,
        )
    )
    if kind in {"choice", "choices"}:
        return {"kind": kind, "answers": [{"value": value, "label": draw(WORDS)} for value in values]}
    if kind == "checklist":
        lines = [{"id": value, "label": draw(WORDS)} for value in values]
        return {
            "kind": kind,
            "items": lines,
            **({"none_of_these": draw(WORDS)} if draw(st.booleans()) else {}),
        }
    lowest = draw(st.integers(0, 5))
    if kind == "scale":
        return {"kind": kind, "lowest": lowest, "highest": lowest + draw(st.integers(1, 10))}
    if kind == "number" and draw(st.booleans()):
        return {"kind": kind, "lowest": lowest}
    if kind == "date" and draw(st.booleans()):
        return {"kind": kind, "earliest": "2020-09-01", "latest": "today"}
    return {"kind": kind}


def _choices(question: dict[str, Any]) -> list[str]:
    if question["kind"] == "scale":
        return [str(step) for step in range(question["lowest"], question["highest"] + 1)]
    named = [answer["value"] for answer in question.get("answers", ())]
    return named + [line["id"] for line in question.get("items", ())]


@st.composite
def _shown_if(draw: st.DrawFn, questions: list[dict[str, Any]]) -> dict[str, Any]:
    gates = [question for question in questions if _choices(question)]
    if not gates:
        return {}
    gate = draw(st.sampled_from(gates))
    choice = st.sampled_from(_choices(gate))
    rule = draw(
        st.one_of(
            st.fixed_dictionaries({"is": choice}),
            st.fixed_dictionaries({"is_not": choice}),
            st.fixed_dictionaries({"one_of": st.lists(choice, min_size=2, max_size=3, unique=True)}),
        )
    )
    return {"show_if": {"question": gate["id"], **rule}}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(form=forms())
def test_pyxform_accepts_any_form_and_it_comes_back_as_it_was_or_as_was_said(form: AuditForm) -> None:
    content = written(form)
    assert convert(content, file_type=".xlsx").warnings == []
    back, losses = open_form(content), xlsform_of(form, version="1").losses
    assert back.draft.title == form.title
    named = {
        number: [loss for loss in losses if loss.startswith(f"Question {number},")] for number in range(1, 9)
    }
    if any("for the comments box" in loss for loss in losses):
        return
    for question, original in zip(back.draft.questions, form.questions, strict=True):
        assert (question.id, question.ask, question.hint) == (original.id, original.ask, original.hint)
        assert (question.section, question.show_if) == (original.section, original.show_if)
        assert (question.comment, question.comment_when) == (original.comment, original.comment_when)
        said = " ".join(named[original.number])
        assert question.kind == original.kind or "lines to tick become answers" in said
        assert question.required == original.required or "none of its three lines has to be" in said
        assert question.short == original.short or "short names" in said
        assert (question.lowest, question.highest) == (original.lowest, original.highest)
        assert (question.earliest, question.latest) == (original.earliest, original.latest)
        assert _offered(back.draft.options_of(question), question.items) == _offered(
            original.answers, original.items
        )
    assert len(back.losses) == 3, back.losses


def _offered(answers: Any, items: Any) -> list[tuple[str, str]]:
    return [(answer.value, answer.label) for answer in answers] + [(line.id, line.label) for line in items]


@pytest.mark.parametrize(
    "words", ["Was ${name} seen?", "Use **stars** and <b>tags</b>", "“Curly” and ’tis", "a\nb"]
)
def test_words_that_tools_would_read_otherwise_come_back(words: str) -> None:
    question = {"id": "why", "number": 1, "theme": "practice", "kind": "text", "ask": words, "hint": words}
    form = AuditForm(
        form="f",
        title=words,
        source="S",
        themes={"practice": "P"},
        questions=(Question.model_validate(question),),
    )
    convert(written(form), file_type=".xlsx")
    (back,) = open_form(written(form)).draft.questions
    assert (back.ask, back.hint) == (words, words)


def test_names_that_rows_of_the_file_would_share_are_kept_apart() -> None:
    rows = [
        ("visit", "text"),
        ("visit_comment", "number"),
        ("part_1", "number"),
        ("who", "contact"),
        ("who_name", "text"),
    ]
    questions = [
        Question.model_validate(
            {
                "id": name,
                "number": number,
                "theme": "practice",
                "kind": kind,
                "ask": name,
                "comment": "More?",
                "section": name,
            }
        )
        for number, (name, kind) in enumerate(rows, 1)
    ]
    form = AuditForm(form="f", title="T", source="S", themes={"practice": "P"}, questions=tuple(questions))
    assert convert(written(form), file_type=".xlsx").warnings == []
    back = open_form(written(form))
    assert [(question.id, question.kind, question.comment) for question in back.draft.questions] == [
        (name, kind, "More?") for name, kind in rows
    ]
