"""The head of its column on each cell of a table, which narrow screens print beside the value."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_TAG = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def with_heads(rows: str, heads: Sequence[str]) -> Markup:
    """Rows of a table with data-head on each cell: the words above its column.

    A cell over several columns gets none, nor does one below an empty head. `rows` is markup of ours.
    """
    column = 0

    def with_head(tag: re.Match[str]) -> str:
        nonlocal column
        name, attributes = tag.groups()
        if name == "tr":
            column = 0
            return tag[0]
        span = _SPAN.search(attributes)
        head = heads[column] if not span and column < len(heads) else ""
        column += int(span[1]) if span else 1
        return f'<td{attributes} data-head="{escape(head)}">' if name == "td" and head else tag[0]

    return Markup(_TAG.sub(with_head, str(rows)))  # noqa: S704 — markup from our templates, the head escaped
