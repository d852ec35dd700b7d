"""How a sheet lies on a screen and on paper: rows as high as their text, columns that can still be read."""

from collections.abc import Iterable, Sequence
from typing import Any

# Points of one line, and the highest that the file format lets a row be.
LINE, HIGHEST = 15, 409
# So many characters lie beside each other on A4 across and can still be read.
ACROSS = 240
A4 = 9
# Inches, so that most of a page is the table.
MARGIN = 0.4


def row_height(cells: Iterable[object], widths: Sequence[int]) -> int | None:
    """How high a row must be for all of its text, in points; None where one line is enough.

    Excel works it out by itself; LibreOffice and previews do not, and print lines over one another.
    """
    texts = ((each, width) for each, width in zip(cells, widths, strict=False) if isinstance(each, str))
    most = max((_lines(text, width) for text, width in texts), default=1)
    return min(LINE * most, HIGHEST) if most > 1 else None


def _lines(text: str, width: int) -> int:
    # Lines break between words, which costs about a character of each.
    return sum(max(1, -(-len(line) // max(width - 1, 1))) for line in text.split("\n"))


def set_up_page(worksheet: Any, widths: Sequence[int], *, has_head: bool) -> None:  # noqa: ANN401 — the library's sheet
    """Let a sheet print across A4, each page with its head, the sheet's name and the page's number."""
    pages = max(1, -(-sum(widths) // ACROSS))
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.set_margins(left=MARGIN, right=MARGIN)
    worksheet.fit_to_pages(pages, 0)
    worksheet.set_header("&L&A")
    worksheet.set_footer("&RPage &P of &N")
    if has_head:
        worksheet.repeat_rows(0)
    if pages > 1:
        worksheet.repeat_columns(0)
