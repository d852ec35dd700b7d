"""Files import only their own layer and lower ones, within a step and across steps.

The contracts of import-linter name modules; here the end of a file's name is its layer, so that new files
are included.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import surveyapp

HERE = Path(surveyapp.__file__).parent
# The lowest first: a file imports its own layer and those before it.
LAYERS = ("models", "queries", "emails", "operations", "forms", "pages", "views")
# These layers are private to their step: another step uses a link or a signal.
OWN = {"emails", "forms", "pages", "views"}
# extension.py registers the emails of every step, site_map.py their pages.
MAY = {Path("extension.py"), Path("site_map.py")}


def layer(name: str) -> str:
    """The layer of a file by its name, such as pages for quote_pages; empty for a file of values or rules."""
    return next((layer for layer in LAYERS if name == layer or name.endswith(f"_{layer}")), "")


def imports() -> Iterator[tuple[Path, Path]]:
    """Each import between our files: the importing file and the imported one, relative to surveyapp/."""
    for file in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("surveyapp."):
                module = Path(*(node.module or "").split(".")[1:])
                for target in (module, *(module / name.name for name in node.names)):
                    if (HERE / target).with_suffix(".py").is_file():
                        yield file.relative_to(HERE), target.with_suffix(".py")


IMPORTS = tuple(imports())


@pytest.mark.parametrize(
    ("name", "found"), [("models", "models"), ("quote_pages", "pages"), ("repages", ""), ("grid", "")]
)
def test_a_layer_is_the_end_of_a_name(name: str, found: str) -> None:
    assert layer(name) == found


def test_no_file_imports_a_higher_layer() -> None:
    upwards = [
        f"{file} imports {target}: {layer(file.stem)} stand below {layer(target.stem)}."
        for file, target in IMPORTS
        if layer(file.stem)
        and layer(target.stem)
        and LAYERS.index(layer(file.stem)) < LAYERS.index(layer(target.stem))
    ]
    assert upwards == []


def test_no_step_reaches_into_the_pages_forms_or_emails_of_another() -> None:
    reached = [
        f"{file} imports {target}: use a link, a signal, or the step’s queries and operations."
        for file, target in IMPORTS
        if file.parts[0] != target.parts[0] and layer(target.stem) in OWN and file not in MAY
    ]
    assert reached == [
        # foundation/ has the pages without a step, and the fields that several steps share.
        sentence
        for sentence in reached
        if " imports foundation/" in sentence
    ]


def test_models_queries_and_operations_know_nothing_of_the_web() -> None:
    rules = {"models", "queries", "emails", "operations"}
    flask = [
        str(file.relative_to(HERE))
        for file in sorted(HERE.rglob("*.py"))
        if layer(file.stem) in rules
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "flask"
    ]
    assert flask == []
