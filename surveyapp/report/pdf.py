"""A report as a tagged PDF (PDF/UA-1), with page numbers in its contents and descriptions of its charts."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surveyapp.foundation.documents.emphasis import text_runs
from surveyapp.foundation.documents.pdf import typeset_pdf
from surveyapp.report.parts import Bullets, Chart, Paragraph, Report, ReportPart

_TEMPLATE = Path(__file__).with_name("report.typ")
# A chart names the fonts of a browser; a PDF embeds its own.
_CHART_FONT = re.compile(r'font-family="[^"]*"')
# A word that may be longer than a line gets zero-width spaces, at which it can break.
_LONG_WORD = re.compile(r"\S{60,}")
_ZERO_WIDTH_SPACE = "\u200b"
_CHARACTERS_BETWEEN_BREAKS = 40


def report_as_pdf(report: Report) -> bytes:
    """Typeset a report on A4."""
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
            "parts": [_part(part) for part in report.parts()],
        },
    )


def _part(part: ReportPart) -> dict[str, Any]:
    fields = {"kind": part.kind, **asdict(part)}
    if isinstance(part, Chart):
        return {**fields, "svg": _CHART_FONT.sub('font-family="Source Sans Pro"', part.svg)}
    if isinstance(part, Paragraph):
        fields |= {"leads_in": part.leads_in, "text": _runs(part.text, marked=part.marked)}
    if isinstance(part, Bullets):
        fields["lines"] = [_runs(line, marked=part.marked) for line in part.lines]
    return {name: _breakable(value) for name, value in fields.items()}


def _runs(text: str, *, marked: bool) -> list[dict[str, Any]]:
    runs = text_runs(text) if marked else [(text, False)]
    return [{"text": words, "bold": bold} for words, bold in runs]


def _breakable(value: Any) -> Any:  # noqa: ANN401 — a field of a part may be anything
    if isinstance(value, str):
        return _LONG_WORD.sub(_with_breaks, value)
    if isinstance(value, dict):
        return {name: _breakable(inner) for name, inner in value.items()}
    return [_breakable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _with_breaks(long_word: re.Match[str]) -> str:
    word = long_word[0]
    return _ZERO_WIDTH_SPACE.join(
        word[start : start + _CHARACTERS_BETWEEN_BREAKS]
        for start in range(0, len(word), _CHARACTERS_BETWEEN_BREAKS)
    )
