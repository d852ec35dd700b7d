"""Writing a form as a file, and the comments of a file."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.form_text import comments_inside, form_text, heading_comment
from surveyapp.foundation.words.clean_text import clean_text
from tests.defining.forms_at_hand import OURS, TESTS

_FILES = [*sorted(OURS.glob("*.yaml")), *sorted((TESTS / "features").glob("*.yaml"))]
_LINES = (
    st.one_of(
        st.text(min_size=1, max_size=40),
        st.sampled_from(["yes", "true", "0123", "12:30", "null", "- a: b", "# no"]),
    )
    .map(lambda text: clean_text(text).strip())
    .filter(bool)
)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_a_form_that_is_written_again_says_the_same(path: Path) -> None:
    draft = read_draft(path.read_bytes(), path.name)
    assert read_draft(draft.to_text(), "again") == draft


@given(title=_LINES, ask=_LINES, label=_LINES, hint=_LINES)
def test_whatever_is_typed_is_read_again_as_typed(title: str, ask: str, label: str, hint: str) -> None:
    question: dict[str, Any] = {"id": "q", "number": 1, "theme": "one", "kind": "choice", "ask": ask}
    question["answers"] = [{"value": "a", "label": label, "hint": hint}, {"value": "no", "label": "No"}]
    content = {"form": "f", "title": title, "source": hint, "themes": {"one": label}, "questions": [question]}
    draft = FormDraft.model_validate(content)
    assert read_draft(form_text(draft.content), "again") == draft


def test_the_comment_above_a_form_is_told_from_those_inside() -> None:
    text = (OURS / "repeat_child_protection_plans_2014.yaml").read_text(encoding="utf-8")
    assert heading_comment(text).count("\n") == 18
    assert [(comment.line, comment.words) for comment in comments_inside(text)] == [
        (24, "the report's sections 3.1 to 3.6")
    ]
    assert heading_comment("form: x\n# inside\n") == ""


def test_a_hash_in_a_text_is_no_comment() -> None:
    assert not comments_inside('form: x\ntitle: "a # b"\nsource: a#b\n')
    assert [comment.line for comment in comments_inside("form: x\n  # one\ntitle: y # two\n")] == [2, 3]
