"""Words that no template, email or code shows, and words that contacts never read."""

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
# Words of the tables and the code that contacts never read.
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
    """The names of our templates, relative to survey/."""
    return sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*") if file.is_file())


def source_of(template: str) -> str:
    """The source of a template."""
    return (TEMPLATES / template).read_text("utf-8")


def words_of(source: str) -> str:
    """The visible words of a template: its text without tags, and the sentences passed to macros."""
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
    """The sentences in the code of a Python file: strings that contain a space, except docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from [node.value] if " " in node.value.strip() else []


def modules() -> list[str]:
    """The paths of our modules, relative to surveyapp/."""
    return sorted(str(file.relative_to(HERE)) for file in HERE.rglob("*.py"))


def is_of_macros(source: str) -> bool:
    """Whether a template only defines macros, which state their own parameters."""
    return "macro " in source and "{% extends" not in source and "<!DOCTYPE" not in source


@pytest.mark.parametrize("template", templates())
def test_a_template_begins_with_a_comment_on_its_parameters(template: str) -> None:
    source = source_of(template)
    if template.endswith("subject.txt") or is_of_macros(source):
        return
    assert re.match(r"\{#-?\s*given: ", source), f"Begin {template} with {{# given: ... #}}."


@pytest.mark.parametrize("template", templates())
def test_no_template_has_banned_words_or_straight_quotes(template: str) -> None:
    words = words_of(source_of(template))
    assert BANNED.findall(words) == [], f"{template}: say what happens, not “please” or “must”."
    if not is_of_macros(source_of(template)):
        assert STRAIGHT.findall(words) == [], f"{template}: write curly quotes."


@pytest.mark.parametrize("module", modules())
def test_no_sentence_in_code_has_banned_words_or_straight_quotes(module: str) -> None:
    said = list(sentences_of(HERE / module))
    assert [sentence for sentence in said if BANNED.search(sentence)] == []
    assert [sentence for sentence in said if re.search(r"[a-z]'[a-z]", sentence)] == [], f"{module}: write ’."


@pytest.mark.parametrize("template", [name for name in templates() if name.startswith(FOR_CONTACTS)])
def test_no_template_for_contacts_has_words_of_the_tables(template: str) -> None:
    assert OURS_ALONE.findall(words_of(source_of(template))) == []


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith("answering/")])
def test_no_sentence_in_the_code_for_contacts_has_words_of_the_tables(module: str) -> None:
    assert [sentence for sentence in sentences_of(HERE / module) if OURS_ALONE.search(sentence)] == []


def test_visible_words_are_checked_and_comments_and_conditions_are_not() -> None:
    button = '{% if token %}{{ ui.button("Click here", token) }}{% endif %}'
    words = words_of('{# must #}<p class="a">Please {{ name }}</p>' + button)
    assert BANNED.findall(words) == ["Please", "Click here"]
    assert OURS_ALONE.findall(words) == []
    assert STRAIGHT.findall(words) == []
    assert STRAIGHT.search(words_of("<p>It's “fine”</p>"))
    assert STRAIGHT.search(words_of('<p>It is "fine".</p>'))
