"""`make picture`: draws docs/architecture.svg, the steps and what they import, from the import graph."""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from import_graph import PACKAGE, levels, step_imports, without_shortcuts

FILE = PACKAGE.parent / "docs" / "architecture.svg"
# Pixels of the picture.
WIDTH, BOX_WIDTH, BOX_HEIGHT, ROW_HEIGHT = 760, 132, 34, 66
TITLE = "The steps of surveyapp and what each imports"


def places() -> dict[str, tuple[float, float]]:
    """The middle of each step's box: the highest step on top, foundation at the bottom."""
    rows = levels(step_imports())[::-1]
    return {
        step: (WIDTH * (column + 1) / (len(row) + 1), ROW_HEIGHT * (number + 0.5))
        for number, row in enumerate(rows)
        for column, step in enumerate(row)
    }


def lines() -> Iterator[str]:
    """The picture, line by line."""
    middle = places()
    height = max(y for _, y in middle.values()) + ROW_HEIGHT / 2
    imports = without_shortcuts(step_imports())
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
