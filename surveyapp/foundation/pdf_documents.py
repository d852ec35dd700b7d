"""A document as a tagged PDF (PDF/UA-1), set by Typst; what people typed goes in as data, never as source."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from surveyapp.foundation.documents import Block, Document, Heading
from surveyapp.foundation.text import clean

_TEMPLATE = Path(__file__).with_name("document.typ")
# What Typst says of a character for which no font has a letter.
_NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


def as_pdf(document: Document) -> bytes:
    """Set a document on A4, with its title, language and headings for those who do not see it."""
    said = {"title": document.title, "author": document.author, "foot": document.foot}
    return set_in_type(_TEMPLATE, {**said, "sections": _sections(document.blocks)})


def set_in_type(template: Path, document: dict[str, Any]) -> bytes:
    """Set plain values as a tagged PDF by a Typst template of ours, which reads them as its `document`.

    The values are texts, numbers, lists and dictionaries. A character for which there is no letter is named.
    """
    made = typeset(
        template, "document", document, lambda typst, how: typst.compile(**how, pdf_standards=["ua-1"])
    )
    return bytes(made)


def typeset(template: Path, name: str, given: Any, ask: Callable[[Any, dict[str, Any]], Any]) -> Any:  # noqa: ANN401 — Typst’s
    """Have Typst do what `ask` says with a template, whose input `name` is `given`, cleaned, as JSON.

    `ask` is given the module and what to pass on to it; it may be called again, with the characters named
    for which no font here has a letter.
    """
    # Typst takes a tenth of a second to load; pages that make no PDF do without.
    import typst  # noqa: PLC0415

    given = _each_text(given, clean)
    # The same letters on every machine, where they have the character; then whatever the machine has.
    letters = [str(files("font_source_sans_pro") / "files")]
    while True:
        how = {"input": str(template), "font_paths": letters, "sys_inputs": {name: json.dumps(given)}}
        try:
            return ask(typst, how)
        except typst.TypstError as error:
            missing = _NO_LETTER.search(str(error))
            if missing is None:
                raise
            unknown = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), missing[1])
            named = _each_text(given, partial(_named, unknown=unknown))
            if named == given:
                raise
            given = named


def _named(text: str, unknown: str) -> str:
    """Name the characters that no letters on this machine can show: [grinning face]."""
    for each in unknown:
        text = text.replace(each, f"[{unicodedata.name(each, f'U+{ord(each):04X}').lower()}]")
    return text


def _sections(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The blocks, parted at headings: a section that keeps together is one block of the page."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if not found or isinstance(block, Heading):
            found.append({"together": isinstance(block, Heading) and block.keep_together, "blocks": []})
        found[-1]["blocks"].append({"kind": type(block).__name__.lower(), **asdict(block)})
    return found


def _each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 — whatever a block holds
    """The same value with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(each, change) for name, each in value.items()}
    return [_each_text(each, change) for each in value] if isinstance(value, (list, tuple)) else value
