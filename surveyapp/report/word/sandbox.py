"""The tag language of Word templates, in a sandbox: values, loops and choices, without calculations or calls.

A template is a program that somebody uploads. It reads plain values only and cannot call anything. An inner
loop must go over a list of the outer loop’s part, so that the work is limited by the size of the report.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from surveyapp.foundation.errors import Refused
from surveyapp.report.word.allowed_tags import (
    FILTERS,
    LONGEST_SHOWN,
    TagFailed,
    check_tags,
    check_tree,
    loop_as_written,
    tag_text,
)

WAY_ON = "Mend it in Word and upload the template again, or take ours and restyle that."
_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_XML = re.compile(r"<[^>]*>")
# Characters and brackets of a part with tags. The default template has 60 kB and 165 brackets. The time to
# search for tags grows with both.
LARGEST_TEXT = 400_000
MOST_BRACKETS = 1_200
# Characters that a template writes or passes through filters: about ten times those of a long report.
MOST_WRITTEN = 20_000_000
# The number of times that the loops may go over the whole report; the default template does so once. The
# limit grows with the report, so a template that keeps to it for the sample report keeps to it for any
# report.
MOST_TIMES_OVER = 20
_LOOP_FILTER = "turns of a loop"
# The name of the list of all parts.
PARTS = "parts"
_NO_LIST = "a loop goes over a list: the parts, or the lines or rows of a part"


class TemplateRefused(Refused):
    """The Word template cannot be used; the message names the tag that failed, if there is one."""

    status = 422
    way_on = WAY_ON


class TemplateLanguage(ImmutableSandboxedEnvironment):
    """Jinja restricted to what a report needs; each report needs a new one, since it counts the work done."""

    def __init__(self) -> None:
        """Set up escaping, the allowed filters and no global names."""
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        measured_filters = {name: self._measured(self.filters[name]) for name in FILTERS}
        self.filters = {**measured_filters, _LOOP_FILTER: self._counted_loop}
        self._written = self._turns = self._most_turns = 0
        # Whether a loop has gone over the parts of the report, without which none of them is in the file.
        self.went_over_parts = False

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        check_tags(self.lex(source))
        tree = super()._parse(source, name, filename)
        check_tree(tree, ())
        for loop in tree.find_all(nodes.For):
            over, line = loop.iter, loop.lineno
            tag = nodes.Const(loop_as_written(loop), lineno=line)
            loop.iter = nodes.Filter(over, _LOOP_FILTER, [tag], [], None, None, lineno=line)
        return tree

    def _measured(self, change: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a filter to count the characters that pass through it, which take time."""

        def _counted(value: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401 — a value of a template may be anything
            self._write(len(value) if isinstance(value, str) else 0)
            return change(value, *more, **named)

        return _counted

    def _write(self, count: int) -> None:
        self._written += count
        if self._written > MOST_WRITTEN:
            raise TemplateRuntimeError("it makes a document that is far too long")

    def _counted_loop(self, value: Any, tag: str) -> Any:  # noqa: ANN401 — a template’s value may be anything
        """Check that a loop goes over a list, and limit the turns of all loops together."""
        if isinstance(value, Undefined):
            return value
        if not isinstance(value, list | tuple):
            raise TagFailed(_NO_LIST, 0, tag)
        self._turns += len(value)
        self.went_over_parts |= tag.endswith(f" in {PARTS} %}}")
        if self._turns > self._most_turns:
            raise TagFailed(f"the loops go over the report more than {MOST_TIMES_OVER} times", 0, tag)
        return value

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Fill one part of a document. Raises TemplateRefused, naming the tag that failed."""
        self._most_turns = MOST_TIMES_OVER * _listed(list(values.values()))
        written: list[str] = []
        try:
            pieces = self.from_string(source).generate(values)
            for piece in pieces:
                written.append(piece)
                try:
                    self._write(len(piece))
                except TemplateRuntimeError as error:
                    # Raised inside the template, so that the traceback leads to the tag.
                    pieces.throw(error)  # type: ignore[attr-defined]  # a generator
        except Exception as error:  # noqa: BLE001 — an uploaded template can cause any error
            _refuse(source, error)
        return "".join(written)


def _listed(value: Any) -> int:  # noqa: ANN401 — a value of a template may be anything
    """The number of elements in all lists of a value, nested ones included."""
    if isinstance(value, Mapping):
        value = list(value.values())
        return sum(map(_listed, value))
    return len(value) + sum(map(_listed, value)) if isinstance(value, list | tuple) else 0


def _refuse(source: str, error: Exception) -> NoReturn:
    tag = error.tag if isinstance(error, TagFailed) else _tag_at(source, _line_of(error))
    why = str(error).partition("\n")[0].strip() or type(error).__name__
    if isinstance(error, TemplateSyntaxError) and "end of template" in why:
        tag, why = _unclosed_tag(source) or tag, "it has no end"
    why = re.sub(r"'([^']*)'", r"“\1”", why)
    named = f"The tag “{tag}” of the template failed" if tag else "The template failed"
    raise TemplateRefused(f"{named}: {why.removesuffix('.')}.") from None


def _line_of(error: Exception) -> int:
    """The line of the template’s source on which an error happened; 0 if unknown."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _unclosed_tag(source: str) -> str:
    """The innermost tag that opens a loop or choice that is never closed."""
    begun: list[str] = []
    for tag in map(tag_text, _TAG.findall(source)):
        word = tag.strip("{}%- ").partition(" ")[0]
        if word in {"for", "if"} and tag.startswith("{%"):
            begun.append(tag)
        elif word in {"endfor", "endif"} and begun:
            begun.pop()
    return begun[-1] if begun else ""


def _tag_at(source: str, line: int) -> str:
    lines = source.split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    # Each paragraph is on a line of its own; a tag that was never closed has no end to search for.
    tags = _TAG.findall(text) or re.findall(r"\{[{%#].*", _XML.sub("", text))
    return " ".join(map(tag_text, tags))[:LONGEST_SHOWN]
