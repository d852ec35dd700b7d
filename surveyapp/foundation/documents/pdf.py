"""A document as a tagged PDF (PDF/UA-1), set by Typst; what people typed goes in as data, never as source."""

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from surveyapp.foundation.documents.blocks import Block, Document, DocumentHeading
from surveyapp.foundation.documents.fonts import printable_with_breaks

_TEMPLATE = Path(__file__).with_name("document.typ")


def document_as_pdf(document: Document) -> bytes:
    """Set a document on A4, with its title, language and headings for those who do not see it."""
    said = {"title": document.title, "author": document.author, "foot": document.foot}
    return typeset_pdf(_TEMPLATE, {**said, "sections": _sections(document.blocks)})


def typeset_pdf(template: Path, document: dict[str, Any]) -> bytes:
    """Set plain values as a tagged PDF by a Typst template of ours, which reads them as its `document`.

    The values are texts, numbers, lists and dictionaries. A character for which there is no letter is named.
    """
    made = run_typst(
        template, "document", document, lambda typst, how: typst.compile(**how, pdf_standards=["ua-1"])
    )
    return bytes(made)


def run_typst(template: Path, name: str, given: Any, ask: Callable[[Any, dict[str, Any]], Any]) -> Any:  # noqa: ANN401 — Typst’s
    """Have Typst do what `ask` says with a template, whose input `name` is `given` as JSON.

    `ask` is given the module and what to pass on to it. Each text is cleaned, and a character for which there
    is no letter is named beforehand: Typst would refuse the whole document for it.
    """
    # Typst takes a tenth of a second to load; pages that make no PDF do without.
    import typst  # noqa: PLC0415

    return ask(
        typst,
        {
            "input": str(template),
            # The same letters on every machine.
            "font_paths": [str(files("font_source_sans_pro") / "files")],
            "ignore_system_fonts": True,
            "sys_inputs": {name: json.dumps(_map_texts(given, printable_with_breaks))},
        },
    )


def _sections(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The blocks, parted at headings: a section that keeps together is one block of the page."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if not found or isinstance(block, DocumentHeading):
            found.append(
                {"together": isinstance(block, DocumentHeading) and block.keep_together, "blocks": []}
            )
        found[-1]["blocks"].append({"kind": block.kind, **asdict(block)})
    return found


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 — whatever a block holds
    """The same value with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _map_texts(each, change) for name, each in value.items()}
    return [_map_texts(each, change) for each in value] if isinstance(value, (list, tuple)) else value
