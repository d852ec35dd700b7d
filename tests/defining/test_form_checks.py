"""Every mistake of a form file, with its place, all at once."""

from pathlib import Path

import pytest

from surveyapp.defining.form_checks import check_file, check_form, read_form
from surveyapp.defining.mistakes import FormMistakes
from tests.defining.forms_at_hand import KIND_NAMES, OURS, TESTS

BAD = sorted((TESTS / "bad").glob("*.yaml"))
WARNED = sorted((TESTS / "warned").glob("*.yaml"))
GOOD = sorted((TESTS / "features").glob("*.yaml"))


def _lines(mistakes: list[object]) -> list[str]:
    return [str(mistake) for mistake in mistakes]


def _expected(path: Path, word: str = "") -> list[str]:
    """The lines of the file beside `path`, where {kinds} stands for the kinds of question there are."""
    kinds = f"{', '.join(KIND_NAMES[:-1])} or {KIND_NAMES[-1]}"
    text = path.with_suffix(".expected").read_text(encoding="utf-8")
    lines = text.replace("{kinds}", kinds).splitlines()
    return [
        f"{path}:{place}: {word}{message}" for place, _, message in (line.partition(": ") for line in lines)
    ]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_form_that_breaks_a_rule_is_refused_in_these_words(path: Path) -> None:
    mistakes, warnings = check_file(path)
    assert _lines([*mistakes]) == _expected(path)
    assert mistakes
    assert not warnings


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.stem)
def test_a_doubtful_form_is_read_with_a_warning(path: Path) -> None:
    mistakes, warnings = check_file(path)
    assert not mistakes
    assert _lines([*warnings]) == _expected(path, "warning: ")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_each_feature_reads_without_a_mistake(path: Path) -> None:
    mistakes, warnings = check_file(path)
    assert not mistakes
    # A form of one question lacks what a whole form has.
    too_small = ("Don’t know", "long_text")
    assert [
        warning.message for warning in warnings if not any(words in warning.message for words in too_small)
    ] == []


def test_ten_mistakes_are_reported_at_once() -> None:
    mistakes, _ = check_file(TESTS / "bad" / "ten_mistakes.yaml")
    assert len(mistakes) == 10
    assert [mistake.line for mistake in mistakes] == sorted(mistake.line for mistake in mistakes)


def test_a_missing_file_is_reported() -> None:
    assert _lines([*check_file(Path("nowhere.yaml"))[0]]) == [
        "nowhere.yaml:1:1: cannot be read: No such file or directory"
    ]


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"a" * 5_000_000)
    assert check_file(path)[0][0].message == "the file is larger than 256 kB"


def test_reading_a_form_raises_the_mistakes_that_checking_reports() -> None:
    text = (TESTS / "bad" / "same_id.yaml").read_bytes()
    with pytest.raises(FormMistakes) as refused:
        read_form(text, "same_id.yaml")
    assert list(refused.value.mistakes) == check_form(text, "same_id.yaml")[0]


@pytest.mark.parametrize(
    "text",
    [
        "questions: 3",
        "questions: {a: b}",
        "answers: []",
        "themes: x",
        "questions: [3, [], {}]",
        "answers: {a: 3}\nquestions: [{id: {}}]",
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_and_breaks_nothing(text: str) -> None:
    mistakes, _ = check_form(text, "a.yaml")
    assert mistakes


def test_a_mistake_in_a_shipped_form_would_be_reported() -> None:
    text = (OURS / "neglect_2024.yaml").read_text(encoding="utf-8")
    broken = text.replace("comment_when: [inadequate]", "comment_when: [another_source]")
    message = (
        'option "another_source" is used in comment_when but question "overall_grade" has no such option'
    )
    assert [mistake.message for mistake in check_form(broken, "neglect_2024.yaml")[0]] == [message]
