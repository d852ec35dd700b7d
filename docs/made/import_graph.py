"""The steps of surveyapp and their rooms, as their folders, first sentences and imports say."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "surveyapp"


def sentence(folder: Path) -> str:
    """The sentence at the top of a package: what a newcomer finds there."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    return " ".join(text.split())


def packages(folder: Path) -> list[Path]:
    """The packages in a folder, by name."""
    return sorted(path.parent for path in folder.glob("*/__init__.py"))


def imports_of(step: Path) -> set[str]:
    """The other steps that the modules of a step import."""
    found = set()
    for file in step.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("surveyapp."):
                found.add((node.module or "").split(".")[1])
    return found - {step.name}


def step_imports() -> dict[str, set[str]]:
    """Each step and the steps that it imports."""
    steps = {path.name: path for path in packages(PACKAGE)}
    return {name: imports_of(path) & steps.keys() for name, path in steps.items()}


def levels(graph: dict[str, set[str]]) -> list[list[str]]:
    """Steps from the lowest to the highest; those of one level import nothing of each other.

    Raises graphlib.CycleError where steps import each other in a circle.
    """
    order = TopologicalSorter(graph)
    order.prepare()
    rows = []
    while order.is_active():
        ready = order.get_ready()
        rows.append(sorted(ready))
        order.done(*ready)
    return rows


def without_shortcuts(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without an import that other imports lead to as well (its transitive reduction)."""

    def reached(step: str) -> set[str]:
        return graph[step].union(*(reached(name) for name in graph[step]))

    below = {step: reached(step) for step in graph}
    return {
        step: {name for name in names if not any(name in below[other] for other in names)}
        for step, names in graph.items()
    }
