"""`make map`: write the map of steps into README.md and the map of rooms into docs/architecture.md.

Both come from the sentences at the top of the packages; a contract test fails while they are out of date.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from import_graph import PACKAGE, levels, packages, sentence, step_imports

ROOT = PACKAGE.parent
HEAD = ("| Folder | What is there |", "|---|---|")
# What every step uses, and what only starts the others, is no part of the journey.
APART = ("foundation", "commands", "standalone")


def steps_in_order() -> list[str]:
    """The steps in the order of the journey, which is the order of imports; the others after them."""
    order = [step for level in levels(step_imports()) for step in level]
    return [step for step in order if step not in APART] + list(APART)


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


MAPS = {"README.md": step_map, "docs/architecture.md": room_map}


def with_map(page: str, name: str) -> str:
    """A page with its map as it is now, between the two comments that mark its place."""
    lines = "\n".join(MAPS[name]())
    return re.sub(
        r"(?<=<!-- map -->\n\n).*?(?=\n\n<!-- end of map -->)", lambda _: lines, page, flags=re.DOTALL
    )


if __name__ == "__main__":
    for name in MAPS:
        page = ROOT / name
        page.write_text(with_map(page.read_text("utf-8"), name), "utf-8")
    sys.stdout.write("\n".join(step_map()) + "\n")
