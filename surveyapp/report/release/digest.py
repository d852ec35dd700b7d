"""The digest of a report, which shows whether it has changed since its release.

A release stores its digest, so the same report must give the same digest in every later version of surveyapp.
Keep the names below when a class or field is renamed; add one only for a part or field that is new.
"""

from collections.abc import Iterable
from hashlib import sha256

from surveyapp.report.parts import (
    Asked,
    Bullets,
    Chart,
    Heading,
    Note,
    Paragraph,
    Quoted,
    Report,
    ReportPart,
    Section,
    Table,
)

# The name and the fields with which each kind of part is written. Fields that readers do not see are left
# out, such as the name of a heading’s section or the columns of a table that the checks read.
COVERED_VALUES: dict[type, tuple[str, tuple[str, ...]]] = {
    Heading: ("Heading", ("level", "text", "number")),
    Paragraph: ("Paragraph", ("text", "lead", "number", "marked")),
    Bullets: ("Bullets", ("lines", "marked")),
    Asked: ("Asked", ("text",)),
    Note: ("Note", ("text",)),
    Chart: ("Chart", ("caption", "svg", "description")),
    Table: ("Table", ("caption", "head", "rows")),
    Quoted: ("Quoted", ("text", "source")),
}


def release_digest(report: Report) -> str:
    """The digest of a report, except the time at which it was read; 64 hexadecimal digits."""
    return sha256(digest_form(report).encode()).hexdigest()


def digest_form(report: Report) -> str:
    """The text from which a report's digest is computed: its title, its author and its sections."""
    return f"({report.title!r}, {report.author!r}, {_in_brackets(map(_section_form, report.sections))})"


def _section_form(section: Section) -> str:
    return (
        f"Section(title={section.title!r}, key={section.key!r}, "
        f"parts={_in_brackets(map(_part_form, section.parts))}, own={section.own!r}, "
        f"sections={_in_brackets(map(_section_form, section.sections))}, numbered={section.numbered!r})"
    )


def _part_form(part: ReportPart) -> str:
    name, fields = COVERED_VALUES[type(part)]
    return f"{name}({', '.join(f'{field}={getattr(part, field)!r}' for field in fields)})"


def _in_brackets(forms: Iterable[str]) -> str:
    """Values as Python writes a tuple of them: a single one is followed by a comma."""
    forms = list(forms)
    return f"({forms[0]},)" if len(forms) == 1 else f"({', '.join(forms)})"
