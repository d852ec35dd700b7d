"""A brief on its one page: set by Typst as a tagged PDF (PDF/UA-1), and measured as it is set."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from surveyapp.brief.brief import Brief, BriefChart, BriefSection, Resource
from surveyapp.foundation.documents.emphasis import Run, text_runs
from surveyapp.foundation.documents.pdf import run_typst
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.words.shares import counted

_TEMPLATE = Path(__file__).with_name("brief.typ")
# A word of more letters than this may be wider than a column: it may break after each of these.
_LONGEST_WORD = 36
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_LONGEST_TITLE = 110
_PICTURE_PPI = 120.0


class BriefTooLong(Refused):
    """A brief that does not fit its page, with what to shorten and by how many lines."""

    way_on = "Shorten it on the brief’s page, then take it again."


@dataclass(frozen=True)
class BlockPlace:
    """Where one block lies: points from the left and the top of what the margins leave."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PageFit:
    """How a brief lies on its page: the size of its letters in points, and every block in reading order.

    `top` is how high the banner is; `columns` the names of the blocks of each column, and `over` by how many
    lines each is too long, nought where it fits.
    """

    size: float
    top: float
    columns: tuple[tuple[str, ...], ...]
    over: tuple[int, ...]
    places: tuple[BlockPlace, ...]


@dataclass(frozen=True)
class TypesetBrief:
    """A brief as it was set: the file, how it lies, and its picture where one was asked for."""

    pdf: bytes
    fit: PageFit
    picture: bytes = b""


def typeset_brief(brief: Brief, *, picture: bool = False) -> TypesetBrief:
    """Set a brief, also one that is too long: then the page shows as much of it as there is room for."""

    def ask(typst: Any, how: dict[str, Any]) -> TypesetBrief:  # noqa: ANN401 — Typst’s module
        pdf = bytes(typst.compile(**how, pdf_standards=["ua-1"]))
        found = json.loads(typst.query(**how, selector="<fit>", field="value", one=True))
        drawn = typst.compile(**how, format="png", ppi=_PICTURE_PPI) if picture else b""
        return TypesetBrief(pdf, _fit(found), bytes(drawn if isinstance(drawn, bytes) else drawn[0]))

    set_by: TypesetBrief = run_typst(_TEMPLATE, "brief", _typst_input(brief), ask)
    return set_by


def as_brief_pdf(brief: Brief) -> bytes:
    """Give a brief as PDF. Raises BriefTooLong, in a sentence, where it does not fit its page."""
    found = typeset_brief(brief)
    for sentence in overflow_sentences(brief, found.fit):
        raise BriefTooLong(sentence)
    return found.pdf


def overflow_sentences(brief: Brief, fit: PageFit) -> tuple[str, ...]:
    """What to shorten and by how many lines, a sentence for each column that is too long."""
    return tuple(_shorten(brief, fit, column) for column, over in enumerate(fit.over) if over)


def _shorten(brief: Brief, fit: PageFit, column: int) -> str:
    # What stands above and below the columns takes room from all of them; what nobody wrote cannot be
    # shortened here.
    names = {*fit.columns[column], "about", "links"} - _BLOCKS_FROM_AUDIT
    heights = {each.name: each.height for each in fit.places if each.name in names}
    longest, *others = sorted(heights, key=lambda name: -heights[name])
    headings = {each.name: f"“{each.heading}”" for each in brief.sections}
    lines = counted(fit.over[column], "line")
    several = sum(map(bool, fit.over)) > 1
    what = f"The {_COLUMNS[column]} column" if several else "The page"
    said = f"{what} is {lines} too long: shorten {headings[longest]} by {lines}"
    beside = [headings[each] for each in others if each in fit.columns[column]]
    return f"{' or '.join([f'{said},' if beside else said, *beside])}."


_COLUMNS = ("first", "second", "third")
_BLOCKS_FROM_AUDIT = frozenset({"children", "organisations", "chart"})


def breakable_runs(text: str) -> list[Run]:
    """Text in pieces, each with whether it is bold; a word longer than a column may break."""
    return [(breakable(words), bold) for words, bold in text_runs(text)]


def breakable(text: str) -> str:
    """Let a word that is longer than a column break; it reads and copies as before."""
    return _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def site_name(resource: Resource) -> str:
    """Where a resource is, for whoever reads it on paper: the name of its site."""
    return urlsplit(resource.address).netloc.removeprefix("www.") or resource.address


def is_long_title(brief: Brief) -> bool:
    """Whether the title is set smaller, in both kinds of file."""
    return len(brief.title) > _LONGEST_TITLE


def _typst_input(brief: Brief) -> dict[str, Any]:
    return {
        "title": _runs(brief.title),
        "is_long_title": is_long_title(brief),
        "author": breakable(brief.author),
        "foot": breakable(brief.foot),
        "sections": [_section(each) for each in brief.sections],
    }


def _runs(text: str) -> list[dict[str, Any]]:
    return [{"text": words, "bold": bold} for words, bold in breakable_runs(text)]


def _section(section: BriefSection) -> dict[str, Any]:
    return {
        "name": section.name,
        "look": section.look,
        "place": section.place,
        "heading": _runs(section.heading),
        "paragraphs": [_runs(each) for each in section.paragraphs],
        "points": [_runs(each) for each in section.points],
        "then_heading": section.then_heading,
        "then_points": [_runs(each) for each in section.then_points],
        "chart": _chart(section.chart) if section.chart else None,
        "links": [
            {
                "name": _runs(each.name),
                "what": _runs(each.what),
                "address": each.address,
                "place": breakable(site_name(each)),
            }
            for each in section.links
        ],
    }


def _chart(chart: BriefChart) -> dict[str, Any]:
    return {
        "description": chart.description,
        "bars": [
            {"label": _runs(each.label), "part": float(each.share.percent or 0), "quoted": each.quoted}
            for each in chart.bars
        ],
    }


def _fit(found: dict[str, Any]) -> PageFit:
    return PageFit(
        size=found["size"],
        top=found["top"],
        columns=tuple(tuple(names) for names in found["columns"]),
        over=tuple(int(each) for each in found["over"]),
        places=tuple(BlockPlace(**each) for each in found["places"]),
    )
