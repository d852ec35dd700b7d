"""The maps in README.md and docs/architecture.md and the picture match the source tree."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
MADE = ROOT / "docs" / "made"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, MADE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_the_map_is_up_to_date_with_the_tree(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert module("map").with_map(text, page) == text, "Run make map, and commit what it writes."


def test_the_picture_is_up_to_date_with_the_imports() -> None:
    drawn = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    assert module("picture").picture() == drawn, "Run make picture, and commit what it draws."


def test_every_package_has_a_docstring_of_one_sentence() -> None:
    graph = module("import_graph")
    folders = [graph.PACKAGE, *(file.parent for file in graph.PACKAGE.rglob("__init__.py"))]
    silent = [str(folder.relative_to(ROOT)) for folder in folders if not graph.sentence(folder).endswith(".")]
    assert silent == [], "Write a sentence at the top of its __init__.py."


def test_no_package_has_more_than_twenty_files() -> None:
    graph = module("import_graph")
    count = {
        str(file.parent.relative_to(ROOT)): len(list(file.parent.glob("*.py")))
        for file in graph.PACKAGE.rglob("__init__.py")
    }
    assert {room: files for room, files in count.items() if files > 20} == {}
