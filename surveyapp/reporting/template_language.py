"""The tags a Word template may hold: naming, looping and choosing, in a sandbox, and nothing that computes.

A template is a program that somebody uploads. It sees plain values only, it may call nothing, and a loop
inside a loop goes over what the outer one holds, so that it ends when the report does.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from surveyapp.foundation.errors import Refused

WAY_ON = "Mend it in Word and upload the template again, or take ours and restyle that."
_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
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
_FILTERS = frozenset({"upper", "lower", "title", "capitalize", "trim", "length", "default"})
# Characters of a finished part of a document: some ten times what a long report has.
MOST_WRITTEN = 20_000_000
_LONGEST_TAG = 120


class TemplateRefused(Refused):
    """A Word template that cannot be used, with the tag that failed where there is one."""

    status = 422
    way_on = WAY_ON


class TemplateLanguage(ImmutableSandboxedEnvironment):
    """Jinja with what a report needs of it, and no more."""

    def __init__(self) -> None:
        """Escape every value, and know no name that is not given."""
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check(tree, ())
        return tree

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Write a part of a document out. Raises TemplateRefused, naming the tag that failed."""
        written: list[str] = []
        size = 0
        try:
            for piece in self.from_string(source).generate(values):
                size += len(piece)
                if size > MOST_WRITTEN:
                    raise TemplateRefused("The template makes a document that is far too long.")
                written.append(piece)
        except (TemplateError, TypeError, LookupError) as error:
            _refuse(source, error)
        return "".join(written)


def _check(node: nodes.Node, loops: tuple[str, ...]) -> None:
    """Refuse what computes, calls or loops beyond the report itself. Raises TemplateSyntaxError."""
    if not isinstance(node, _ALLOWED):
        raise TemplateSyntaxError("a template names, loops and chooses, and does nothing else", node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        raise TemplateSyntaxError(f"it may not use “{node.name}”", node.lineno)
    if isinstance(node, nodes.For):
        _check_loop(node, loops)
        target = node.target.name if isinstance(node.target, nodes.Name) else ""
        for each in (*node.body, *filter(None, [node.test])):
            _check(each, (*loops, target))
        for each in node.else_:
            _check(each, loops)
        return
    for child in node.iter_child_nodes():
        _check(child, loops)


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


def _refuse(source: str, error: Exception) -> NoReturn:
    tag, why = _tag_at(source, _line_of(error)), str(error).strip() or type(error).__name__
    if isinstance(error, TemplateSyntaxError) and "end of template" in why:
        tag, why = _without_end(source) or tag, "it has no end"
    why = re.sub(r"'([^']*)'", r"“\1”", why)
    named = f"The tag “{tag}” of the template failed" if tag else "The template failed"
    raise TemplateRefused(f"{named}: {why.removesuffix('.')}.") from None


def _line_of(error: Exception) -> int:
    """The line of the template's source on which an error happened; 0 where nobody can tell."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _without_end(source: str) -> str:
    """The innermost tag that begins something and never ends it."""
    begun: list[str] = []
    for tag in map(_plain, _TAG.findall(source)):
        word = tag.strip("{}%- ").partition(" ")[0]
        if word in {"for", "if"} and tag.startswith("{%"):
            begun.append(tag)
        elif word in {"endfor", "endif"} and begun:
            begun.pop()
    return begun[-1] if begun else ""


def _tag_at(source: str, line: int) -> str:
    lines = source.split("\n")
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    # A paragraph stands on a line of its own; a tag that was never closed has no end to look for.
    tags = _TAG.findall(here) or re.findall(r"\{[{%#].*", _XML.sub("", here))
    return " ".join(map(_plain, tags))[:_LONGEST_TAG]


def _plain(tag: str) -> str:
    return " ".join(_XML.sub("", tag).split())
