"""Every class in the glossary exists in the code."""

import ast
import re
from pathlib import Path

import surveyapp

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
# `Audit`, or `Finding.challenge` for an attribute.
CLASS = re.compile(r"`([A-Z][a-z]\w+)(?:\.(\w+))?`")


def classes() -> dict[str, set[str]]:
    """Every class of surveyapp, with the names of its annotated attributes."""
    found: dict[str, set[str]] = {}
    for path in Path(surveyapp.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                attributes = {
                    line.target.id
                    for line in node.body
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
                }
                found.setdefault(node.name, set()).update(attributes)
    return found


def test_every_class_that_the_glossary_names_is_in_the_code() -> None:
    there = classes()
    named = CLASS.findall(GLOSSARY.read_text("utf-8"))
    assert len(named) > 40
    lost = [
        f"{name}.{attribute}" if attribute else name
        for name, attribute in named
        if name not in there or (attribute and attribute not in there[name])
    ]
    assert lost == [], "docs/glossary.md names classes that the code does not have."
