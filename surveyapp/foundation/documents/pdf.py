"""Writes a document as a tagged PDF (PDF/UA-1) with Typst; typed text is passed as data, never as source."""

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
    """The document as a PDF on A4, with title, language and headings for screen readers."""
    facts = {"title": document.title, "author": document.author, "foot": document.foot}
    return typeset_pdf(_TEMPLATE, {**facts, "sections": _sections(document.blocks)})


def typeset_pdf(template: Path, document: dict[str, Any]) -> bytes:
    """Set plain values as a tagged PDF with a Typst template, which reads them as its `document`.

    The values are texts, numbers, lists and dictionaries. A character without a glyph is printed as its name.
    """
    pdf = run_typst(
        template, "document", document, lambda typst, how: typst.compile(**how, pdf_standards=["ua-1"])
    )
    return bytes(pdf)


def run_typst(template: Path, name: str, value: Any, call: Callable[[Any, dict[str, Any]], Any]) -> Any:  # noqa: ANN401 — Typst has no types
    """Pass `call` the Typst module and its arguments: the template, and `value` as JSON in input `name`.

    Every text is cleaned first, and a character without a glyph is replaced by its name, since Typst would
    refuse the whole document for it.
    """
    import typst

    return call(
        typst,
        {
            "input": str(template),
            # So that every machine uses the same font.
            "font_paths": [str(files("font_source_sans_pro") / "files")],
            "ignore_system_fonts": True,
            "sys_inputs": {name: json.dumps(_map_texts(value, printable_with_breaks))},
        },
    )


def _sections(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Group the blocks into sections, one for each heading; "together" keeps a section on one page."""
    sections: list[dict[str, Any]] = []
    for block in blocks:
        if not sections or isinstance(block, DocumentHeading):
            sections.append(
                {"together": isinstance(block, DocumentHeading) and block.keep_together, "blocks": []}
            )
        sections[-1]["blocks"].append({"kind": block.kind, **asdict(block)})
    return sections


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 — whatever a block holds
    """The value with `change` applied to each text in it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _map_texts(member, change) for key, member in value.items()}
    return [_map_texts(member, change) for member in value] if isinstance(value, (list, tuple)) else value
