"""A brief as a one-page tagged PDF (PDF/UA-1), set and measured by Typst."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveyapp.brief.brief import Brief
from surveyapp.brief.typst_input import typst_input
from surveyapp.foundation.documents.pdf import run_typst
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.words.shares import counted

_TEMPLATE = Path(__file__).with_name("brief.typ")
_PICTURE_PPI = 120.0


class BriefTooLong(Refused):
    """Raised for a brief that does not fit its page; says what to shorten, and by how many lines."""

    way_on = "Shorten it on the brief’s page, then take it again."


@dataclass(frozen=True)
class BlockPlace:
    """Position and size of a block in points, from the left and top margins."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PageFit:
    """The layout of a brief: the size of its text in points, and the place of every block in reading order.

    `top` is the height of the banner in points; `columns` has the names of the blocks in each column, and
    `over` the number of lines by which each column is too long, 0 if it fits.
    """

    size: float
    top: float
    columns: tuple[tuple[str, ...], ...]
    over: tuple[int, ...]
    places: tuple[BlockPlace, ...]


@dataclass(frozen=True)
class TypesetBrief:
    """A brief set by Typst: the PDF, its layout, and a PNG picture if one was wanted."""

    pdf: bytes
    fit: PageFit
    picture: bytes = b""


def typeset_brief(brief: Brief, *, picture: bool = False) -> TypesetBrief:
    """Set a brief; one that is too long is cut off at the end of its columns."""

    def typeset(typst: Any, how: dict[str, Any]) -> TypesetBrief:  # noqa: ANN401 — Typst’s module
        pdf = bytes(typst.compile(**how, pdf_standards=["ua-1"]))
        measures = json.loads(typst.query(**how, selector="<fit>", field="value", one=True))
        drawn = typst.compile(**how, format="png", ppi=_PICTURE_PPI) if picture else b""
        return TypesetBrief(pdf, _fit(measures), bytes(drawn if isinstance(drawn, bytes) else drawn[0]))

    result: TypesetBrief = run_typst(_TEMPLATE, "brief", typst_input(brief), typeset)
    return result


def as_brief_pdf(brief: Brief) -> bytes:
    """Write a brief as PDF. Raises BriefTooLong if it does not fit its page."""
    return check_fits(brief).pdf


def check_fits(brief: Brief) -> TypesetBrief:
    """Set a brief that fits its page. Raises BriefTooLong for any other."""
    typeset = typeset_brief(brief)
    for sentence in overflow_sentences(brief, typeset.fit):
        raise BriefTooLong(sentence)
    return typeset


def overflow_sentences(brief: Brief, fit: PageFit) -> tuple[str, ...]:
    """Say what to shorten and by how many lines, one sentence for each column that is too long."""
    return tuple(_shorten(brief, fit, column) for column, over in enumerate(fit.over) if over)


def _shorten(brief: Brief, fit: PageFit, column: int) -> str:
    # Blocks above and below the columns take room from all of them. Blocks filled from the audit cannot be
    # shortened.
    names = {*fit.columns[column], "about", "links"} - _BLOCKS_FROM_AUDIT
    heights = {place.name: place.height for place in fit.places if place.name in names}
    longest, *other_names = sorted(heights, key=lambda name: -heights[name])
    headings = {section.name: f"“{section.heading}”" for section in brief.sections}
    lines = counted(fit.over[column], "line")
    several = sum(map(bool, fit.over)) > 1
    too_long = f"The {_COLUMNS[column]} column" if several else "The page"
    advice = f"{too_long} is {lines} too long: shorten {headings[longest]} by {lines}"
    others_in_column = [headings[name] for name in other_names if name in fit.columns[column]]
    return f"{' or '.join([f'{advice},' if others_in_column else advice, *others_in_column])}."


_COLUMNS = ("first", "second", "third")
_BLOCKS_FROM_AUDIT = frozenset({"children", "organisations", "chart"})


def _fit(measures: dict[str, Any]) -> PageFit:
    return PageFit(
        size=measures["size"],
        top=measures["top"],
        columns=tuple(tuple(names) for names in measures["columns"]),
        over=tuple(int(lines) for lines in measures["over"]),
        places=tuple(BlockPlace(**place) for place in measures["places"]),
    )
