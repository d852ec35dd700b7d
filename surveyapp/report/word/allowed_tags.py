"""Checks the tags of a Word template against the allowed language, before any of them runs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from jinja2 import TemplateSyntaxError, nodes

_XML = re.compile(r"<[^>]*>")
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
FILTERS = frozenset({"upper", "lower", "title", "capitalize", "trim", "length", "default"})
_BLOCKS = frozenset({"for", "if", "elif", "else", "endfor", "endif"})
# In the default template, loops and choices are nested 3 deep and the longest tag has 9 words.
MOST_DEEP = 15
MOST_BRACKETS_DEEP = 8
MOST_WORDS_OF_TAG = 100
LONGEST_SHOWN = 120
NOTHING_ELSE_ALLOWED = "a template names, loops and chooses, and does nothing else"
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class TagFailed(TemplateSyntaxError):
    """A tag that is not allowed or failed, as it is written in the template."""

    def __init__(self, message: str, line: int, tag: str) -> None:
        """Remember the tag itself, since there may be several on its line."""
        super().__init__(message, line)
        self.tag = tag


def loop_as_written(loop: nodes.For) -> str:
    """The tag of a loop that has passed the checks, as it is written in a template."""
    target, over = loop.target, loop.iter
    inner = isinstance(over, nodes.Getattr) and isinstance(over.node, nodes.Name)
    name = f"{over.node.name}.{over.attr}" if inner else getattr(over, "name", "")  # type: ignore[attr-defined]  # a Getattr
    return f"{{% for {getattr(target, 'name', '')} in {name} %}}"


def check_tags(tokens: Iterable[tuple[int, str, str]]) -> None:
    """Refuse tags of other kinds, and tags that are too long or nested too deeply for the parser.

    Raises TagFailed.
    """
    depth = 0
    tag: _Tag | None = None
    for line, kind, value in tokens:
        if kind in {"raw_begin", "block_begin", "variable_begin"}:
            tag = _Tag(line)
        if tag is None:
            continue
        tag.add(kind, value)
        if kind in {"raw_begin", "block_end", "variable_end"}:
            tag.check()
            depth += tag.deeper
            if depth > MOST_DEEP:
                tag.fail(f"more than {MOST_DEEP} loops and choices stand inside one another")
            tag = None


@dataclass
class _Tag:
    """One tag, collected token by token."""

    line: int = 0
    written: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_block: bool = False
    deep: int = 0
    deepest: int = 0

    def add(self, kind: str, value: str) -> None:
        self.written.append(value)
        if kind in {"raw_begin", "block_begin"}:
            self.is_block = True
        elif kind == "operator":
            self.deep += (value in _OPENING) - (value in _CLOSING)
            self.deepest = max(self.deep, self.deepest)
        if kind not in {"whitespace", "block_begin", "variable_begin", "block_end", "variable_end"}:
            self.words.append(value)

    @property
    def deeper(self) -> int:
        """1 if the tag begins a loop or a choice, -1 if it ends one, otherwise 0."""
        first = self.words[0] if self.is_block and self.words else ""
        return (first in {"for", "if"}) - (first in {"endfor", "endif"})

    def check(self) -> None:
        if self.is_block and (not self.words or self.words[0] not in _BLOCKS):
            self.fail(NOTHING_ELSE_ALLOWED)
        if len(self.words) > MOST_WORDS_OF_TAG:
            self.fail(f"a tag has at most {MOST_WORDS_OF_TAG} words")
        if self.deepest > MOST_BRACKETS_DEEP:
            self.fail(f"at most {MOST_BRACKETS_DEEP} brackets stand inside one another")

    def fail(self, message: str) -> NoReturn:
        raise TagFailed(message, self.line, tag_text("".join(self.written))[:LONGEST_SHOWN])


def check_tree(node: nodes.Node, loops: tuple[str, ...]) -> None:
    """Refuse calculations, calls, and loops over other things than the report. Raises TemplateSyntaxError."""
    if not isinstance(node, _ALLOWED):
        raise TemplateSyntaxError(NOTHING_ELSE_ALLOWED, node.lineno or 0)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise TemplateSyntaxError(f"it may not use “{node.name}”", node.lineno)
    if isinstance(node, nodes.For):
        _check_loop(node, loops)
        target = node.target.name if isinstance(node.target, nodes.Name) else ""
        for child in (*node.body, *filter(None, [node.test])):
            check_tree(child, (*loops, target))
        for child in node.else_:
            check_tree(child, loops)
        return
    for child in node.iter_child_nodes():
        check_tree(child, loops)


def _check_loop(loop: nodes.For, loops: tuple[str, ...]) -> None:
    over = loop.iter
    ours = isinstance(over, nodes.Name) and over.name not in loops
    of_the_outer = isinstance(over, nodes.Getattr) and isinstance(over.node, nodes.Name)
    if loop.recursive or not isinstance(loop.target, nodes.Name):
        raise TemplateSyntaxError("a loop has one name, and does not hold itself", loop.lineno)
    if not loops and ours:
        return
    if not loops or not of_the_outer or over.node.name != loops[-1]:  # type: ignore[attr-defined]  # a Getattr
        raise TemplateSyntaxError("a loop inside a loop goes over what the outer one holds", loop.lineno)


def tag_text(tag: str) -> str:
    """The text of a tag, without the XML of the runs that Word has split it into."""
    return " ".join(_XML.sub("", tag).split())
