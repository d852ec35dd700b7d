"""Reading YAML strictly: values stay text, and every mistake has its place."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.mistakes import FormMistakes, Mistake
from surveyapp.defining.strict_yaml import StrictDocument, parse_document


def read_strict(text: bytes | str, name: str) -> StrictDocument:
    document = parse_document(text, name)
    if document.mistakes:
        raise FormMistakes(document.mistakes)
    return document


def mistakes(text: bytes | str) -> list[str]:
    with pytest.raises(FormMistakes) as refused:
        read_strict(text, "a.yaml")
    return [str(mistake) for mistake in refused.value.mistakes]


@pytest.mark.parametrize(
    "text",
    [
        "Yes",
        "No",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "~",
        "12:30",
        "0123",
        "1.10",
        "2024-02-29",
        "0x1F",
        "1_000",
        "True",
        ".inf",
        "<<",
    ],
)
def test_values_that_yaml_would_convert_stay_text(text: str) -> None:
    assert read_strict(f"label: {text}", "a.yaml").data == {"label": text}


def test_an_empty_value_is_an_empty_text_and_not_none() -> None:
    assert read_strict("label:", "a.yaml").data == {"label": ""}


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("0", 0), ("15", 15), ("-5", -5)]
)
def test_only_true_false_and_whole_numbers_are_not_text(text: str, value: object) -> None:
    assert read_strict(f"it: {text}", "a.yaml").data == {"it": value}


def test_a_number_of_many_digits_stays_text() -> None:
    assert read_strict("it: 12345678901234567890", "a.yaml").data == {"it": "12345678901234567890"}


def test_reading_strictly_leaves_other_yaml_loaders_unchanged() -> None:
    assert yaml.safe_load("a: Yes") == {"a": True}


def test_thousands_of_unknown_keys_are_reported_quickly() -> None:
    class Nothing(BaseModel, extra="forbid"):
        """The model of a file without content."""

    document = parse_document("".join(f"k{number}: x\n" for number in range(12_000)), "a.yaml")
    began = time.process_time()
    _, found = validate_document(Nothing, document)
    assert time.process_time() - began < 1
    assert found[-1].line == 12_000


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert mistakes(bomb) == ["a.yaml:1:4: an alias (& or *) cannot be used; write it out"]


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!timestamp", "!!binary", "!", "!mine"])
def test_a_tag_is_refused(tag: str) -> None:
    assert mistakes(f"a: {tag} x") == ["a.yaml:1:4: a !tag cannot be used; put the text in quotes"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_twenty_thousand_levels_are_refused_at_the_twenty_first(opening: str) -> None:
    assert mistakes(opening * 20_000)[0].endswith("more than 20 levels deep")


def test_every_key_given_twice_is_named_with_its_first_line() -> None:
    assert mistakes("a: 1\nb: {c: 1, c: 2}\na: 3\n") == [
        'a.yaml:2:11: "c" is given twice, first in line 2',
        'a.yaml:3:1: "a" is given twice, first in line 1',
    ]


def test_a_key_that_is_a_list_is_refused() -> None:
    assert mistakes("? [a]\n: b") == ["a.yaml:1:3: a key has to be plain text"]


def test_a_tab_that_indents_is_named() -> None:
    assert mistakes("a:\n\tb: 1") == ["a.yaml:2:1: a tab cannot indent; use spaces"]


def test_five_megabytes_are_refused_unread() -> None:
    assert mistakes(b"a" * 5_000_000) == ["a.yaml:1:1: the file is larger than 256 kB"]


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert read_strict("\ufeffa: b".encode(), "a.yaml").data == {"a": "b"}
    assert read_strict("\ufeffa: b", "a.yaml").place(("a",)) == (1, 4)


def test_cp1252_is_refused_at_its_first_foreign_byte() -> None:
    assert mistakes("a: b\nc: don’t".encode("cp1252")) == [
        "a.yaml:2:7: byte 0x92 is not UTF-8; save the file as UTF-8"
    ]


def test_utf_16_is_refused_at_its_byte_order_mark() -> None:
    assert mistakes("a: b".encode("utf-16"))[0].startswith("a.yaml:1:1: byte 0xff is not UTF-8")


def test_a_nul_is_named_with_its_line() -> None:
    assert mistakes("a: b\nc: d\x00e") == ["a.yaml:2:5: the character U+0000 cannot stand in a file"]


def test_a_second_document_is_refused() -> None:
    assert mistakes("a: b\n---\nc: d") == [
        "a.yaml:2:1: a second document (---) begins here; a file holds one"
    ]


def test_a_colon_in_text_says_that_quotes_help() -> None:
    assert mistakes("a: b: c") == ["a.yaml:1:5: a colon inside text: put the text in quotes"]


def test_a_question_mark_within_braces_says_that_quotes_help() -> None:
    assert mistakes("a: {b: Seen?, c: d}") == [
        "a.yaml:1:12: a question mark inside { } or [ ]: put the text in quotes"
    ]


def test_other_yaml_errors_keep_the_message_of_the_parser() -> None:
    assert mistakes("a: [b") == ["a.yaml:1:6: expected ',' or ']', but got '<stream end>'"]


def test_the_place_of_a_missing_part_is_that_of_its_parent() -> None:
    document = read_strict("a:\n  - b: 1\n", "a.yaml")
    assert document.place(("a", 0, "b")) == (2, 8)
    assert document.place(("a", 0, "missing")) == (2, 5)
    assert document.place(("a", 7)) == (2, 3)
    assert document.place(("a", 0, "tag", "b"), of_key=True) == (2, 5)
    assert read_strict("", "a.yaml").place(("a",)) == (1, 1)


_KEYS = st.text("abcdefgh", min_size=1, max_size=5)
_TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029\x85")
)
_TREES = st.recursive(
    _TEXTS | st.booleans() | st.integers(0, 999_999_999),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(_KEYS, parts, max_size=4),
    max_leaves=12,
)


@given(_TREES)
def test_quoted_text_comes_back_unchanged(tree: object) -> None:
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=True)
    read = read_strict(_without_tags(text), "a.yaml").data
    assert read == _as_text(tree)


def _without_tags(text: str) -> str:
    return text.replace('!!bool "', '"').replace('!!int "', '"')


def _as_text(tree: object) -> object:
    """Quote a value, since unquoted true and 3 would not be text."""
    if isinstance(tree, dict):
        return {key: _as_text(part) for key, part in tree.items()}
    if isinstance(tree, list):
        return [_as_text(part) for part in tree]
    return str(tree).lower() if isinstance(tree, bool) else str(tree)


@given(st.text(max_size=200) | st.binary(max_size=200) | st.text("ab:-[]{},&*!|>'\"\n\t #?%@", max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str | bytes) -> None:
    mistakes: tuple[Mistake, ...] = ()
    try:
        read_strict(text, "a.yaml")
    except FormMistakes as error:
        mistakes = error.mistakes
    assert all(mistake.line >= 1 and mistake.column >= 1 and mistake.message for mistake in mistakes)
