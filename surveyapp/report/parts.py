"""A report as plain values, in order; pdf.py and word/report_word.py write it out.

A part's `kind` is its name for report.typ, section.html and the Word template; partnerships’ own
templates use it, so it stays. release/digest.py lists the fields of each part that a release's digest covers.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

from surveyapp.foundation.words.dates_and_lists import moment_in_words

INTERNAL = "Internal version, not for publication."
# The section that shows the form as it was issued.
FORM_SECTION = "form"
_BULLET = re.compile(r"^\s*[-*•–]\s+(?=\S)")


@dataclass(frozen=True)
class Heading:
    """A heading, with its number where it has one; `level` 1 to 3, none is skipped.

    `section` is the `name` of its section.
    """

    kind: ClassVar[str] = "heading"

    level: Literal[1, 2, 3]
    text: str
    number: str = ""
    section: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is set in bold before it, and `number` is added when the report is laid out.

    In a `marked` paragraph, which its author typed, `**words**` are set in bold.
    """

    kind: ClassVar[str] = "paragraph"

    text: str
    lead: str = ""
    number: str = ""
    marked: bool = False

    @property
    def leads_in(self) -> bool:
        """Whether the paragraph ends with a colon, and so is kept on one page with the next part."""
        return self.text.rstrip(" \n*").endswith(":")


@dataclass(frozen=True)
class Bullets:
    """A bulleted list; `marked` as in a paragraph."""

    kind: ClassVar[str] = "bullets"

    lines: tuple[str, ...]
    marked: bool = False


@dataclass(frozen=True)
class Asked:
    """A question as the form words it."""

    kind: ClassVar[str] = "asked"

    text: str


@dataclass(frozen=True)
class Note:
    """A note on a figure, or on why it is missing."""

    kind: ClassVar[str] = "note"

    text: str


@dataclass(frozen=True)
class FiguresAsOf:
    """The note on when the figures were read; `returns` says whether returns were open then.

    `text` changes with every minute and `returns` only with the close, so a release covers `returns` alone.
    """

    kind: ClassVar[str] = "note"

    text: str
    returns: str


@dataclass(frozen=True)
class Chart:
    """A chart as SVG, with a description for screen readers."""

    kind: ClassVar[str] = "chart"
    # The word before the number in its caption.
    numbered_as: ClassVar[str] = "Chart"

    caption: str
    svg: str
    description: str


@dataclass(frozen=True)
class Table:
    """A table of 2 to 6 columns; the first column names its row.

    `typed` are the columns that people typed, `owners` those that name who is responsible: the checks before
    release read both. All other columns come from the program or the form.
    """

    kind: ClassVar[str] = "table"
    # The word before the number in its caption.
    numbered_as: ClassVar[str] = "Table"

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    typed: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()


@dataclass(frozen=True)
class Quoted:
    """A quote chosen for the report, with its kind of source.

    `is_gone` is true if the return no longer has these words, since it was corrected or withdrawn.
    """

    kind: ClassVar[str] = "quoted"

    text: str
    source: str
    is_gone: bool = False


ReportPart = Heading | Paragraph | Bullets | Asked | Note | FiguresAsOf | Chart | Table | Quoted


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading; where it has a `key`, its author adds paragraphs of their own.

    `about` is the source of a section without a key, such as “finding-12” or “narrative-case_example”.
    """

    title: str
    key: str = ""
    parts: tuple[ReportPart, ...] = ()
    own: str = ""
    sections: tuple["Section", ...] = ()
    # An appendix and a question have a title alone.
    numbered: bool = True
    about: str = ""

    @property
    def name(self) -> str:
        """The key or source of the section; empty if it only holds other sections."""
        return self.key or self.about


@dataclass(frozen=True)
class Report:
    """A whole report; `day` and `figures_as_of` are in words, `returns` is the number with answers.

    `is_day_chosen` is true if the author chose the day on the title page; otherwise it is the day of reading.
    """

    title: str
    kicker: str
    author: str
    partnership: str
    day: str
    figures_as_of: str
    returns: int
    sections: tuple[Section, ...] = ()
    # Who approved it for publication, and when, in words; empty: an internal version.
    approved: str = ""
    is_day_chosen: bool = False

    @property
    def as_of(self) -> str:
        """The last line of the title page: the version of the report, and the date of its figures."""
        return f"{self.version} {self.figures_as_of}"

    @property
    def version(self) -> str:
        """Which version of the report it is: the internal one, or who approved it for publication."""
        return self.approved or INTERNAL

    def parts(self) -> tuple[ReportPart, ...]:
        """All parts in order, with sections, paragraphs, charts and tables numbered."""
        parts: list[ReportPart] = []
        for number, section in enumerate(self.sections, start=1):
            parts += _section_parts(section, 1, str(number), _Counter())
        return tuple(_with_numbered_captions(parts))


@dataclass
class _Counter:
    """Numbers the paragraphs of a section; the questions of a theme share one counter."""

    last: int = 0

    def next(self, above: str) -> str:
        self.last += 1
        return f"{above}.{self.last}"


def _section_parts(
    section: Section, level: Literal[1, 2, 3], number: str, counter: _Counter
) -> Iterator[ReportPart]:
    own_number = number if section.numbered else ""
    shown_number = own_number if level < 3 else ""  # noqa: PLR2004 — questions have none
    yield Heading(level, section.title, shown_number, section.name)
    for part in (*section.parts, *parts_from_text(section.own)):
        if isinstance(part, Paragraph) and own_number and level > 1:
            yield replace(part, number=counter.next(own_number))
        else:
            yield part
    below: Literal[2, 3] = 2 if level == 1 else 3
    for place, subsection in enumerate(section.sections, start=1):
        if below == 2:  # noqa: PLR2004 — the second level has numbers of its own
            yield from _section_parts(subsection, below, f"{number}.{place}", _Counter())
        else:
            yield from _section_parts(replace(subsection, numbered=section.numbered), below, number, counter)


def _with_numbered_captions(parts: Iterable[ReportPart]) -> Iterator[ReportPart]:
    count = {Chart: 0, Table: 0}
    for part in parts:
        if isinstance(part, Chart | Table):
            count[type(part)] += 1
            yield replace(part, caption=f"{part.numbered_as} {count[type(part)]}: {part.caption}")
        else:
            yield part


def as_they_stood(moment: datetime) -> str:
    """The beginning of a sentence on when figures were read, at `moment` (UTC)."""
    return f"Figures as they stood on {moment_in_words(moment)}"


def parts_from_text(text: str) -> tuple[ReportPart, ...]:
    """Typed text as parts: blank lines separate paragraphs, and lines that begin with a dash form a list."""
    parts: list[ReportPart] = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        plain: list[str] = []
        bullets: list[str] = []
        for line in block.split("\n"):
            if _BULLET.match(line):
                if plain:
                    parts.append(Paragraph("\n".join(plain), marked=True))
                    plain = []
                bullets.append(_BULLET.sub("", line, count=1))
            else:
                if bullets and line.strip():
                    parts.append(Bullets(tuple(bullets), marked=True))
                    bullets = []
                plain += [line] if line.strip() else []
        parts += [Paragraph("\n".join(plain), marked=True)] if plain else []
        parts += [Bullets(tuple(bullets), marked=True)] if bullets else []
    return tuple(parts)
