"""`make map`: write the map of steps into README.md and the map of rooms into docs/architecture.md.

Both come from the sentences at the top of the packages; a contract test fails while they are out of date.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from import_graph import PACKAGE, packages, sentence

ROOT = PACKAGE.parent
HEAD = ("| Folder | What is there |", "|---|---|")
# What every step uses, and what only starts the others, is no part of the journey.
APART = ("foundation", "commands", "standalone")


def steps_in_order() -> list[str]:
    """The steps in the order of the journey, from the first import contract; the others after them."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    names = [name for layer in reversed(contract["layers"]) for name in layer.split(" | ")]
    steps = [name for name in names if (PACKAGE / name).is_dir()]
    return [step for step in steps if step not in APART] + list(APART)


def step_map() -> Iterator[str]:
    """The table of README.md: a line a step."""
    yield from HEAD
    for step in steps_in_order():
        yield f"| `{step}/` | {sentence(PACKAGE / step)} |"


def room_map() -> Iterator[str]:
    """The table of docs/architecture.md: the rooms of the larger steps."""
    yield from HEAD
    for step in steps_in_order():
        for room in packages(PACKAGE / step):
            yield f"| `{step}/{room.name}/` | {sentence(room)} |"


MARK, END = "<!-- map -->", "<!-- end of map -->"
MAPS = {"README.md": step_map, "docs/architecture.md": room_map}


def with_map(page: str, name: str) -> str:
    """A page with its map as it is now, between the two comments that mark its place.

    Raises ValueError where a comment is missing.
    """
    lines = "\n".join(MAPS[name]())
    begin, end = page.index(MARK), page.index(END)
    return f"{page[:begin]}{MARK}\n\n{lines}\n\n{page[end:]}"


if __name__ == "__main__":
    for name in MAPS:
        page = ROOT / name
        page.write_text(with_map(page.read_text("utf-8"), name), "utf-8")
    sys.stdout.write("\n".join(step_map()) + "\n")
