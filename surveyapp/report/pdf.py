"""A report as a tagged PDF (PDF/UA-1): contents with page numbers, charts in words, tables with heads."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surveyapp.foundation.documents.emphasis import text_runs
from surveyapp.foundation.documents.pdf import typeset_pdf
from surveyapp.report.parts import Bullets, Chart, Paragraph, Report, ReportPart

_TEMPLATE = Path(__file__).with_name("report.typ")
# A chart names letters that a browser has; the PDF brings its own.
_LETTERS = re.compile(r'font-family="[^"]*"')
# A word longer than a line is set on several: a mark where it may break, which nobody sees or hears.
_LONG_WORD = re.compile(r"\S{60,}")
_MAY_BREAK = "\u200b"
_LETTERS_BETWEEN_BREAKS = 40


def report_as_pdf(report: Report) -> bytes:
    """Set a report on A4."""
    return typeset_pdf(
        _TEMPLATE,
        {
            "title": report.title,
            "kicker": report.kicker,
            "author": report.author,
            "partnership": report.partnership,
            "day": report.day,
            "as_of": report.as_of,
            "foot": " – ".join(filter(None, (report.partnership, report.title))),
            "parts": [_part(each) for each in report.parts()],
        },
    )


def _part(part: ReportPart) -> dict[str, Any]:
    said = {"kind": part.kind, **asdict(part)}
    if isinstance(part, Chart):
        return {**said, "svg": _LETTERS.sub('font-family="Source Sans Pro"', part.svg)}
    if isinstance(part, Paragraph):
        said |= {"leads_in": part.leads_in, "text": _runs(part.text, marked=part.marked)}
    if isinstance(part, Bullets):
        said["lines"] = [_runs(line, marked=part.marked) for line in part.lines]
    return {name: _breakable(value) for name, value in said.items()}


def _runs(text: str, *, marked: bool) -> list[dict[str, Any]]:
    runs = text_runs(text) if marked else [(text, False)]
    return [{"text": words, "bold": bold} for words, bold in runs]


def _breakable(value: Any) -> Any:  # noqa: ANN401 — whatever a part holds
    if isinstance(value, str):
        return _LONG_WORD.sub(_with_breaks, value)
    if isinstance(value, dict):
        return {name: _breakable(each) for name, each in value.items()}
    return [_breakable(each) for each in value] if isinstance(value, list | tuple) else value


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    return _MAY_BREAK.join(
        word[start : start + _LETTERS_BETWEEN_BREAKS]
        for start in range(0, len(word), _LETTERS_BETWEEN_BREAKS)
    )
