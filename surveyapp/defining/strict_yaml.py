"""Reading a YAML file strictly: what is not plainly text stays text, and every mistake has its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

LARGEST_FORM_FILE = 256_000
DEEPEST_NESTING = 20
Loc = tuple[int | str, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a file; line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FormMistakes(Exception):
    """A file that cannot be used, with all that is wrong in it, in the file's order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep the mistakes in the file's order, each once."""
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(each) for each in self.mistakes))


@dataclass(frozen=True)
class StrictDocument:
    """What a file says, and where it says it."""

    name: str
    data: Any
    root: Node | None
    mistakes: tuple[Mistake, ...] = ()
    # Each mapping's keys, sorted out once: there may be thousands, and a mistake in each.
    _keys: dict[int, dict[str, tuple[Node, Node]]] = field(default_factory=dict, repr=False, compare=False)

    def place(self, loc: Loc, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of what stands at `loc`, or of the nearest thing round it.

        Steps that lead nowhere are left out: pydantic puts a discriminator's tag among them.
        """
        node, mark = self.root, (self.root.start_mark if self.root else None)
        for step in loc:
            key, found = self._child(node, step)
            if found is None:
                continue
            node, mark = found, (key if of_key and key is not None else found).start_mark
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def mistake(self, loc: Loc, message: str, *, of_key: bool = False) -> Mistake:
        """A mistake that stands at `loc`."""
        return Mistake(self.name, *self.place(loc, of_key=of_key), message)

    def _child(self, node: Node | None, step: int | str) -> tuple[Node | None, Node | None]:
        if isinstance(node, MappingNode):
            if id(node) not in self._keys:
                # The first of a key given twice.
                self._keys[id(node)] = {key.value: (key, value) for key, value in reversed(node.value)}
            return self._keys[id(node)].get(str(step), (None, None))
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return None, node.value[step]
        return None, None


class StrictLoader(yaml.SafeLoader):
    """YAML without implicit dates and yes/no, without tags, aliases and repeated keys, and not deep."""

    # A table of our own: SafeLoader's belongs to everybody and must not change.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape
    depth = 0

    def __init__(self, text: str) -> None:
        """Read `text`."""
        super().__init__(text)
        self.repeated: list[tuple[Any, str]] = []

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:  # noqa: ANN401 - PyYAML's own shape
        """Refuse what could make a small file large, or text something else."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self.depth += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ComposerError(
                None, None, "an alias (& or *) cannot be used; write it out", event.start_mark
            )
        if getattr(event, "tag", None):
            raise ComposerError(None, None, "a !tag cannot be used; put the text in quotes", event.start_mark)
        if self.depth > DEEPEST_NESTING:
            raise ComposerError(None, None, f"more than {DEEPEST_NESTING} levels deep", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def compose_mapping_node(self, anchor: Any) -> MappingNode:  # noqa: ANN401 - PyYAML's own shape
        """Note every key given twice; refuse one that is no text."""
        node = super().compose_mapping_node(anchor)
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ComposerError(None, None, "a key has to be plain text", key.start_mark)
            if key.value in seen:
                message = f'"{key.value}" is given twice, first in line {seen[key.value]}'
                self.repeated.append((key.start_mark, message))
            seen.setdefault(key.value, key.start_mark.line + 1)
        return node


StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"(?:0|-?[1-9][0-9]{0,8})\Z"), list("-0123456789")
)


def parse_document(text: bytes | str, name: str) -> StrictDocument:
    """Read one YAML document; keys given twice are its mistakes, all else raises FormMistakes."""
    decoded = _decoded(text, name)
    try:
        loader = StrictLoader(decoded)
        root = loader.get_single_node()
        found = None if root is None else loader.construct_document(root)
    except ReaderError as error:
        line, column = _line_and_column(decoded, error.position)
        character = f"U+{ord(decoded[error.position]):04X}"
        raise FormMistakes(
            [Mistake(name, line, column, f"the character {character} cannot stand in a file")]
        ) from None
    except yaml.MarkedYAMLError as error:
        raise FormMistakes([_from_yaml(error, decoded, name)]) from None
    repeated = (Mistake(name, mark.line + 1, mark.column + 1, message) for mark, message in loader.repeated)
    return StrictDocument(name, found, root, tuple(repeated))


def validate_document(model: type[ModelT], document: StrictDocument) -> tuple[ModelT | None, list[Mistake]]:
    """What the document says as a `model`, or None and every mistake."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        # A list all of whose parts are wrong is "too short" as well: that says nothing more.
        told = [each for each in error.errors() if each["type"] != "too_short" or not each["input"]]
        return None, [_from_pydantic(each, document) for each in told]


def _decoded(text: bytes | str, name: str) -> str:
    size = len(text)
    if size > LARGEST_FORM_FILE:
        raise FormMistakes([Mistake(name, 1, 1, f"the file is larger than {LARGEST_FORM_FILE // 1000} kB")])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        line, column = _line_and_column(before, len(before))
        message = f"byte 0x{text[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise FormMistakes([Mistake(name, line, column, message)]) from None


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _from_yaml(error: yaml.MarkedYAMLError, text: str, name: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Mistake(name, 1, 1, str(error.problem))
    message = str(error.problem or error.context)
    if text[mark.index : mark.index + 1] == "\t":
        message = "a tab cannot indent; use spaces"
    elif message == "mapping values are not allowed here":
        message = "a colon inside text: put the text in quotes"
    elif message.endswith("but got '?'"):
        message = "a question mark inside { } or [ ]: put the text in quotes"
    elif error.context == "expected a single document in the stream":
        message = "a second document (---) begins here; a file holds one"
    return Mistake(name, mark.line + 1, mark.column + 1, message)


_NAMES = {"tuple_type": "a list", "list_type": "a list", "string_type": "text", "bool_type": "true or false"}
_NAMES |= {
    "dict_type": "a mapping (name: value)",
    "model_type": "a mapping (name: value)",
    "int_type": "a whole number",
}
_NAMES |= {
    "bool_parsing": "true or false",
    "int_parsing": "a whole number",
    "model_attributes_type": _NAMES["model_type"],
}


def _from_pydantic(error: ErrorDetails, document: StrictDocument) -> Mistake:
    loc, kind, ctx = error["loc"], error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        way_on = (
            "check the spelling" if error["input"] else "is it text after a comma? Put the text in quotes"
        )
        return document.mistake(loc, f'"{loc[-1]}" is not known here; {way_on}', of_key=True)
    if kind == "missing":
        return document.mistake(loc[:-1], f'"{loc[-1]}" is missing')
    if loc and loc[-1] == "[key]":
        return document.mistake(loc, _mistake_message(kind, str(loc[-2]), ctx, error["msg"]), of_key=True)
    return document.mistake(loc, _mistake_message(kind, error["input"], ctx, error["msg"]))


def _mistake_message(kind: str, given: object, ctx: dict[str, Any], otherwise: str) -> str:  # noqa: PLR0911 — one a sentence
    shown = f'"{given}"' if isinstance(given, str | int) else _shape(given)
    if kind in _NAMES:
        return f"expected {_NAMES[kind]}, found {'nothing' if given in ('', None) else shown}"
    if kind == "literal_error":
        return f"{shown} is none of {str(ctx['expected']).replace(chr(39), '')}"
    if kind == "string_pattern_mismatch":
        return f"{shown} cannot be an id: small letters, digits and _, beginning with a letter, at most 60"
    if kind in {"string_too_short", "too_short"}:
        return "nothing stands here"
    if kind == "string_too_long":
        return f"the text is longer than {ctx['max_length']:,} characters"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"{shown} is not {'at least' if 'ge' in ctx else 'at most'} {ctx.get('ge', ctx.get('le'))}"
    return otherwise.removeprefix("Value error, ")


def _shape(given: object) -> str:
    if isinstance(given, dict):
        return "a mapping (name: value)"
    return "a list" if isinstance(given, list | tuple) else "nothing"
