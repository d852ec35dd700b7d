"""Writes a form as the text of a form file, in the style of the shipped ones; and the comments of a text."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import yaml

# Not wrapped, so that the text of a question can be searched for.
_NO_WRAPPING = 10_000
# An answer of at most this many characters stands on one line.
_ONE_LINE = 100
_COMMENT = re.compile(r"(?:^|(?<=\s))(?P<sign>#)(?P<words>[^\n]*)", re.MULTILINE)
_SMALL_PARTS = ("show_if", "role", "only_for", "comment_when")


class _OneLine(dict[str, Any]):
    """A mapping that is written on one line, in braces."""


class _InBrackets(list[Any]):
    """A list that is written on one line, in brackets."""


class _FormDumper(yaml.SafeDumper):
    """Writes mappings and lists in the order and on the lines in which a person would."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 — PyYAML’s own
        """Indent the lines of a list below their key."""
        super().increase_indent(flow, indentless=False)


def _one_line(dumper: yaml.SafeDumper, value: _OneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


def _in_brackets(dumper: yaml.SafeDumper, value: _InBrackets) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_FormDumper.add_representer(_OneLine, _one_line)
_FormDumper.add_representer(_InBrackets, _in_brackets)


def form_text(content: Mapping[str, Any]) -> str:
    """The text of a form file with this content; the reader of form files reads the same content from it."""
    parts = [_dump({name: value}) for name, value in content.items() if name not in ("answers", "questions")]
    text = "".join(parts)
    lists = content.get("answers", {})
    if lists:
        text += "\n" + _dump({"answers": {name: _answers(options) for name, options in lists.items()}})
    questions = content.get("questions", ())
    if not questions:
        return text + "\nquestions: []\n"
    dumped = [_dump([_question(question)]) for question in questions]
    indented = ["".join(f"  {line}" for line in part.splitlines(keepends=True)) for part in dumped]
    return text + "\nquestions:\n" + "\n".join(indented)


def _dump(content: object) -> str:
    output = io.StringIO()
    yaml.dump(
        content,
        output,
        Dumper=_FormDumper,
        allow_unicode=True,
        sort_keys=False,
        width=_NO_WRAPPING,
    )
    return output.getvalue()


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for key, value in question.items():
        if key in ("answers", "items") and not isinstance(value, str):
            written[key] = _answers(value)
        elif key == "conflicts":
            written[key] = _InBrackets(_InBrackets(pair) for pair in value)
        elif key in _SMALL_PARTS:
            written[key] = _OneLine(value) if isinstance(value, dict) else _InBrackets(value)
        else:
            written[key] = value
    return written


def _answers(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        _OneLine(option) if sum(len(str(value)) for value in option.values()) <= _ONE_LINE else option
        for option in options
    ]


@dataclass(frozen=True)
class Comment:
    """A comment of a form file: its line, from 1, and its words."""

    line: int
    words: str


def heading_comment(text: str) -> str:
    """The comment lines with which a form file begins, which a form made on pages keeps."""
    lines = takewhile(lambda line: not line.strip() or line.startswith("#"), text.splitlines(keepends=True))
    return "".join(lines).rstrip("\n") + "\n" if text.startswith("#") else ""


def comments_inside(text: str) -> tuple[Comment, ...]:
    """The comments of a form file below its beginning, which a form made on pages does not keep."""
    begins = len(heading_comment(text))
    texts = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, yaml.ScalarToken)
    ]
    comments = (
        match
        for match in _COMMENT.finditer(text, begins)
        if not any(start <= match.start("sign") < end for start, end in texts)
    )
    return tuple(
        Comment(text.count("\n", 0, match.start("sign")) + 1, match["words"].strip()) for match in comments
    )
