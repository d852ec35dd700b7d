"""The digest of a report, which shows whether it has changed since its release.

A digest covers what a reader would see change, so it leaves out the time of reading. A release stores its
digest, so the same report must give the same digest in every later version of surveyapp. Keep the names below
when a class or field is renamed; add one only for a part or field that is new.

Up to 30 November 2026 the digest held the minute at which the figures were read. Releases stored then are
recognised by working out the digest as it was at the moment of the release.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256

from surveyapp.report.parts import (
    Asked,
    Bullets,
    Chart,
    FiguresAsOf,
    Heading,
    Note,
    Paragraph,
    Quoted,
    Report,
    ReportPart,
    Section,
    Table,
    as_they_stood,
)

# The name and the fields with which each kind of part is written. Fields that readers do not see are left
# out, such as the name of a heading’s section or the columns of a table that the checks read, and so is the
# time of reading.
COVERED_VALUES: dict[type, tuple[str, tuple[str, ...]]] = {
    Heading: ("Heading", ("level", "text", "number")),
    Paragraph: ("Paragraph", ("text", "lead", "number", "marked")),
    Bullets: ("Bullets", ("lines", "marked")),
    Asked: ("Asked", ("text",)),
    Note: ("Note", ("text",)),
    FiguresAsOf: ("FiguresAsOf", ("returns",)),
    Chart: ("Chart", ("caption", "svg", "description")),
    Table: ("Table", ("caption", "head", "rows")),
    Quoted: ("Quoted", ("text", "source")),
}


PartForm = Callable[[ReportPart], str]


def release_digest(report: Report) -> str:
    """The digest of a report; 64 hexadecimal digits."""
    return sha256(digest_form(report).encode()).hexdigest()


def digest_form(report: Report) -> str:
    """The text from which a report's digest is computed: its title page and its sections."""
    day = report.day if report.is_day_chosen else ""
    title_page = (report.title, report.author, report.partnership, day)
    return f"({', '.join(map(repr, title_page))}, {_sections_form(report, _part_form)})"


def is_released_as(report: Report, *, content: str, released_at: datetime) -> bool:
    """Whether a release at `released_at` (UTC), which stored the digest `content`, is of this same report."""
    return content in {release_digest(report), _digest_with_minute(report, released_at)}


def _digest_with_minute(report: Report, read_at: datetime) -> str:
    """The digest that versions up to 30 November 2026 stored for a report that was read at `read_at`."""

    def part_form(part: ReportPart) -> str:
        if isinstance(part, FiguresAsOf):
            return _part_form(Note(f"{as_they_stood(read_at)}, {part.returns}."))
        return _part_form(part)

    form = f"({report.title!r}, {report.author!r}, {_sections_form(report, part_form)})"
    return sha256(form.encode()).hexdigest()


def _sections_form(report: Report, part_form: PartForm) -> str:
    return _in_brackets(_section_form(section, part_form) for section in report.sections)


def _section_form(section: Section, part_form: PartForm) -> str:
    sections = _in_brackets(_section_form(inner, part_form) for inner in section.sections)
    return (
        f"Section(title={section.title!r}, key={section.key!r}, "
        f"parts={_in_brackets(map(part_form, section.parts))}, own={section.own!r}, "
        f"sections={sections}, numbered={section.numbered!r})"
    )


def _part_form(part: ReportPart) -> str:
    name, fields = COVERED_VALUES[type(part)]
    return f"{name}({', '.join(f'{field}={getattr(part, field)!r}' for field in fields)})"


def _in_brackets(forms: Iterable[str]) -> str:
    """Values as Python writes a tuple of them: a single one is followed by a comma."""
    forms = list(forms)
    return f"({forms[0]},)" if len(forms) == 1 else f"({', '.join(forms)})"
