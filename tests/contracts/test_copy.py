"""Our own words, in templates, emails and code: which stand nowhere, and which no contact reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

import surveyapp

HERE = Path(surveyapp.__file__).parent
TEMPLATES = HERE / "templates" / "survey"
BANNED = re.compile(r"\b(please|simply|must|click here)\b", re.IGNORECASE)
STRAIGHT = re.compile(r"[A-Za-z]'[A-Za-z]|(?:^|\s)\"\w|\w\"(?:\s|$|[.,;:])")
# What the tables and the code say, and a contact never reads.
OURS_ALONE = re.compile(r"\b(grants?|slots?|chasers?|outbox|tokens?)\b", re.IGNORECASE)
FOR_CONTACTS = (
    "answering/",
    "contact.html",
    "notices/",
    "email/request/",
    "email/chaser/",
    "email/receipt/",
    "email/escalation/",
)


def templates() -> list[str]:
    """Each template of ours, by its name below survey/."""
    return sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*") if file.is_file())


def source_of(template: str) -> str:
    """What a template's file holds."""
    return (TEMPLATES / template).read_text("utf-8")


def words_of(source: str) -> str:
    """What somebody reads of a template: its text without tags, and the sentences given to macros."""
    text, sentences, inside = "", [], 0
    for _line, kind, value in Environment(autoescape=True).lex(source):
        if kind in {"variable_begin", "block_begin"}:
            inside += 1
            text += "x" if kind == "variable_begin" else ""
        elif kind in {"variable_end", "block_end"}:
            inside -= 1
        elif kind == "string" and " " in value:
            sentences.append(value[1:-1])
        elif kind == "data" and not inside:
            text += value
    return re.sub(r"<[^>]*>", " ", text) + "\n" + "\n".join(sentences)


def sentences_of(file: Path) -> Iterator[str]:
    """What a Python file says to people: its strings with a space in them, but for docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    docstrings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in docstrings:
            yield from [each.value] if " " in each.value.strip() else []


def modules() -> list[str]:
    """Each module of ours."""
    return sorted(str(file.relative_to(HERE)) for file in HERE.rglob("*.py"))


def is_of_macros(source: str) -> bool:
    """Whether a template is a box of macros, each of which says itself what it takes."""
    return "macro " in source and "{% extends" not in source and "<!DOCTYPE" not in source


@pytest.mark.parametrize("template", templates())
def test_a_template_begins_with_what_it_is_given(template: str) -> None:
    source = source_of(template)
    if template.endswith("subject.txt") or is_of_macros(source):
        return
    assert re.match(r"\{#-?\s*given: ", source), f"Begin {template} with {{# given: ... #}}."


@pytest.mark.parametrize("template", templates())
def test_no_template_says_what_we_do_not_say(template: str) -> None:
    words = words_of(source_of(template))
    assert BANNED.findall(words) == [], f"{template}: say what happens, not “please” or “must”."
    if not is_of_macros(source_of(template)):
        assert STRAIGHT.findall(words) == [], f"{template}: write curly quotes."


@pytest.mark.parametrize("module", modules())
def test_no_sentence_in_code_says_what_we_do_not_say(module: str) -> None:
    said = list(sentences_of(HERE / module))
    assert [each for each in said if BANNED.search(each)] == []
    assert [each for each in said if re.search(r"[a-z]'[a-z]", each)] == [], f"{module}: write ’."


@pytest.mark.parametrize("template", [each for each in templates() if each.startswith(FOR_CONTACTS)])
def test_a_contact_never_reads_the_words_of_our_tables(template: str) -> None:
    assert OURS_ALONE.findall(words_of(source_of(template))) == []


@pytest.mark.parametrize("module", [each for each in modules() if each.startswith("answering/")])
def test_nothing_said_to_a_contact_has_the_words_of_our_tables(module: str) -> None:
    assert [each for each in sentences_of(HERE / module) if OURS_ALONE.search(each)] == []


def test_what_is_read_is_found_and_what_is_not_read_is_not() -> None:
    button = '{% if token %}{{ ui.button("Click here", token) }}{% endif %}'
    words = words_of('{# must #}<p class="a">Please {{ name }}</p>' + button)
    assert BANNED.findall(words) == ["Please", "Click here"]
    assert OURS_ALONE.findall(words) == []
    assert STRAIGHT.findall(words) == []
    assert STRAIGHT.search(words_of("<p>It's “fine”</p>"))
    assert STRAIGHT.search(words_of('<p>It is "fine".</p>'))
