"""Row heights and print settings of a worksheet."""

from collections.abc import Iterable, Sequence
from typing import Any

# The height of a line and the greatest height of a row in the file format, in points.
LINE, HIGHEST = 15, 409
# The number of characters that are legible across a page of A4 landscape.
ACROSS = 240
A4 = 9
# In inches.
MARGIN = 0.4


def row_height(cells: Iterable[object], widths: Sequence[int]) -> int | None:
    """The height in points that a row needs for its text; None if one line is enough.

    Excel computes it when it opens a file. LibreOffice and previews do not, and print lines over one another.
    """
    texts = ((cell, width) for cell, width in zip(cells, widths, strict=False) if isinstance(cell, str))
    most = max((_lines(text, width) for text, width in texts), default=1)
    return min(LINE * most, HIGHEST) if most > 1 else None


def _lines(text: str, width: int) -> int:
    """The number of lines of a text in a column of this width, in characters."""
    # Breaking between words costs about one character a line.
    return sum(max(1, -(-len(line) // max(width - 1, 1))) for line in text.split("\n"))


def set_up_page(worksheet: Any, widths: Sequence[int], *, has_head: bool) -> None:  # noqa: ANN401 — the library's sheet
    """Print a sheet on A4 landscape; each page has the head, the sheet's name and the page number."""
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
