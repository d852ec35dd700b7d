"""A format is whole only when each of these places has it; the message names those that do not."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

import surveyapp
from surveyapp.commands.export_formats import EXPORT_FORMATS
from surveyapp.exports.export import ExportFormat

PACKAGE = Path(surveyapp.__file__).parent
ROOT = PACKAGE.parent


def formats() -> Iterator[ExportFormat]:
    """Every format that a module of ours defines."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if " = ExportFormat(" in file.read_text("utf-8"):
            module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            yield from (value for value in vars(module).values() if isinstance(value, ExportFormat))


FORMATS = {file_format.ending: file_format for file_format in formats()}


def test_every_format_is_found() -> None:
    assert {"xlsx", "docx", "zip"} <= set(FORMATS)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_in_each_of_its_places(app: Flask, ending: str) -> None:
    places = {
        "surveyapp/commands/export_formats.py: in EXPORT_FORMATS": ending in EXPORT_FORMATS,
        "a views.py: a route whose address ends with it": any(
            rule.rule.endswith(f".{ending}") for rule in app.url_map.iter_rules()
        ),
        "README.md: in the line of the command `export`": any(
            f".{ending}" in line
            for line in (ROOT / "README.md").read_text("utf-8").splitlines()
            if line.startswith("| `export ")
        ),
        "docs/exports.md: at the top": f"`.{ending}`" in (ROOT / "docs" / "exports.md").read_text("utf-8"),
    }
    missing = [place for place, has_it in places.items() if not has_it]
    assert not missing, f"The format .{ending} is missing here:\n" + "\n".join(missing)
