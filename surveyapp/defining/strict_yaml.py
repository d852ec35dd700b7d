"""Reads a YAML file strictly: nearly every value stays text, and each mistake has its place."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from surveyapp.defining.mistakes import FormMistakes, Mistake

LARGEST_FORM_FILE = 256_000
DEEPEST_NESTING = 20
Loc = tuple[int | str, ...]


@dataclass(frozen=True)
class StrictDocument:
    """The content of a file, with the place of each part."""

    name: str
    data: Any
    root: Node | None
    mistakes: tuple[Mistake, ...] = ()
    # What the reader of the file took as it could, each with its place.
    notices: tuple[Mistake, ...] = ()
    # The keys of each mapping, looked up once: there may be thousands, with a mistake in each.
    _keys: dict[int, dict[str, tuple[Node, Node]]] = field(default_factory=dict, repr=False, compare=False)

    def place(self, loc: Loc, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the part at `loc`, or of the nearest part that encloses it.

        Steps that lead nowhere are skipped, since pydantic adds the tag of a discriminator to them.
        """
        node, mark = self.root, (self.root.start_mark if self.root else None)
        for step in loc:
            key, child = self._child(node, step)
            if child is None:
                continue
            node, mark = child, (key if of_key and key is not None else child).start_mark
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def mistake(self, loc: Loc, message: str, *, of_key: bool = False) -> Mistake:
        """A mistake at `loc`."""
        return Mistake(self.name, *self.place(loc, of_key=of_key), message)

    def _child(self, node: Node | None, step: int | str) -> tuple[Node | None, Node | None]:
        if isinstance(node, MappingNode):
            if id(node) not in self._keys:
                # Of a key given twice, the first counts.
                self._keys[id(node)] = {key.value: (key, value) for key, value in reversed(node.value)}
            return self._keys[id(node)].get(str(step), (None, None))
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return None, node.value[step]
        return None, None


class StrictLoader(yaml.SafeLoader):
    """YAML without implicit dates and yes/no, and without tags, aliases, repeated keys or deep nesting."""

    # A table of its own, since that of SafeLoader is shared and must not change.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape
    depth = 0

    def __init__(self, text: str) -> None:
        """Prepare to read `text`."""
        super().__init__(text)
        self.repeated: list[tuple[Any, str]] = []

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:  # noqa: ANN401 - PyYAML's own shape
        """Refuse aliases, anchors, tags and deep nesting, which a form file does not need."""
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
        """Record every key given twice; refuse a key that is not text."""
        node = super().compose_mapping_node(anchor)
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ComposerError(None, None, "a key has to be plain text", key.start_mark)
            if key.value in first_lines:
                message = f'"{key.value}" is given twice, first in line {first_lines[key.value]}'
                self.repeated.append((key.start_mark, message))
            first_lines.setdefault(key.value, key.start_mark.line + 1)
        return node


StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"(?:0|-?[1-9][0-9]{0,8})\Z"), list("-0123456789")
)


def parse_document(text: bytes | str, name: str) -> StrictDocument:
    """Read one YAML document of at most 256 kB. Raises FormMistakes; repeated keys are its `mistakes`."""
    decoded = _decoded(text, name)
    try:
        loader = StrictLoader(decoded)
        root = loader.get_single_node()
        content = None if root is None else loader.construct_document(root)
    except ReaderError as error:
        line, column = _line_and_column(decoded, error.position)
        character = f"U+{ord(decoded[error.position]):04X}"
        raise FormMistakes(
            [Mistake(name, line, column, f"the character {character} cannot stand in a file")]
        ) from None
    except yaml.MarkedYAMLError as error:
        raise FormMistakes([_from_yaml(error, decoded, name)]) from None
    repeated = (Mistake(name, mark.line + 1, mark.column + 1, message) for mark, message in loader.repeated)
    return StrictDocument(name, content, root, tuple(repeated))


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
