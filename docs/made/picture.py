"""`make picture`: draws docs/architecture.svg, the steps and what they import, from the import graph."""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from import_graph import PACKAGE, levels, step_imports, without_shortcuts

FILE = PACKAGE.parent / "docs" / "architecture.svg"
# Pixels of the picture.
WIDTH, BOX_WIDTH, BOX_HEIGHT, ROW_HEIGHT = 800, 108, 32, 68
# Pixels left free around a box, and by which a row moves sideways; how often all rows are tried.
MARGIN, SIDESTEP, PASSES = 4, 10, 3
Places = dict[str, tuple[float, float]]
Imports = dict[str, set[str]]
TITLE = "The steps of surveyapp and what each imports"


def hidden_lines(places: Places, imports: Imports) -> int:
    """How many times a line passes behind the box of a step that it does not concern."""
    return sum(
        any(
            abs(x1 + (x2 - x1) * (y + edge - y1) / (y2 - y1) - x) < BOX_WIDTH / 2 + MARGIN
            for edge in (-BOX_HEIGHT / 2, 0, BOX_HEIGHT / 2)
        )
        for step, names in imports.items()
        for (x1, y1), (x2, y2) in ((places[step], places[name]) for name in names)
        for x, y in places.values()
        if y1 < y < y2
    )


def step_places(imports: Imports) -> Places:
    """The middle of each step's box: the highest step on top, foundation at the bottom.

    Rows are moved sideways where fewer lines then pass behind boxes.
    """
    rows = levels(step_imports())[::-1]
    shifts = [0] * len(rows)

    def placed() -> Places:
        return {
            step: (WIDTH * (column + 1) / (len(row) + 1) + shift, ROW_HEIGHT * (number + 0.5))
            for number, (row, shift) in enumerate(zip(rows, shifts, strict=True))
            for column, step in enumerate(row)
        }

    for _ in range(PASSES):
        for number, row in enumerate(rows):
            room = int(WIDTH / (len(row) + 1) - BOX_WIDTH / 2 - MARGIN)
            options = sorted(range(-room, room + 1, SIDESTEP), key=abs)

            def cost(shift: int, number: int = number) -> tuple[int, int]:
                shifts[number] = shift
                return hidden_lines(placed(), imports), abs(shift)

            shifts[number] = min(options, key=cost)
    return placed()


def lines() -> Iterator[str]:
    """The picture, line by line."""
    imports = without_shortcuts(step_imports())
    middle = step_places(imports)
    height = max(y for _, y in middle.values()) + ROW_HEIGHT / 2
    words = "; ".join(
        f"{step} imports {', '.join(sorted(names))}" for step, names in imports.items() if names
    )
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        ' font-family="Arial, sans-serif" font-size="15" text-anchor="middle">'
    )
    yield f"<title>{TITLE}</title>"
    yield f"<desc>{escape(words)}.</desc>"
    yield f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
    for step, names in imports.items():
        for name in sorted(names):
            (x1, y1), (x2, y2) = middle[step], middle[name]
            yield (
                f'<line x1="{x1:.0f}" y1="{y1 + BOX_HEIGHT / 2:.0f}" x2="{x2:.0f}"'
                f' y2="{y2 - BOX_HEIGHT / 2:.0f}" stroke="#505a5f" stroke-width="1.5"/>'
            )
    for step, (x, y) in middle.items():
        yield (
            f'<rect x="{x - BOX_WIDTH / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}" width="{BOX_WIDTH}"'
            f' height="{BOX_HEIGHT}" fill="#ffffff" stroke="#1d70b8" stroke-width="2"/>'
        )
        yield f'<text x="{x:.0f}" y="{y + 5:.0f}" fill="#0b0c0c">{step}</text>'
    yield "</svg>"


def picture() -> str:
    """The picture as SVG, with its title and its imports in words."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    FILE.write_text(picture(), "utf-8")
    sys.stdout.write(f"Drew {FILE.relative_to(PACKAGE.parent)}.\n")
