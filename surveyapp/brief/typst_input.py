"""A brief as the JSON that brief.typ reads."""

from typing import Any

from surveyapp.brief.brief import Brief, BriefChart, BriefSection
from surveyapp.brief.printed_text import breakable, breakable_runs, is_long_title, site_name


def typst_input(brief: Brief) -> dict[str, Any]:
    """The values of a brief for JSON, with every text split into runs."""
    return {
        "title": _runs(brief.title),
        "is_long_title": is_long_title(brief),
        "author": breakable(brief.author),
        "foot": breakable(brief.foot),
        "sections": [_section(section) for section in brief.sections],
    }


def _runs(text: str) -> list[dict[str, Any]]:
    return [{"text": words, "bold": bold} for words, bold in breakable_runs(text)]


def _section(section: BriefSection) -> dict[str, Any]:
    return {
        "name": section.name,
        "look": section.look,
        "place": section.place,
        "heading": _runs(section.heading),
        "paragraphs": [_runs(paragraph) for paragraph in section.paragraphs],
        "points": [_runs(point) for point in section.points],
        "then_heading": section.then_heading,
        "then_points": [_runs(point) for point in section.then_points],
        "chart": _chart(section.chart) if section.chart else None,
        "links": [
            {
                "name": _runs(resource.name),
                "what": _runs(resource.what),
                "address": resource.address,
                "place": breakable(site_name(resource)),
            }
            for resource in section.links
        ],
    }


def _chart(chart: BriefChart) -> dict[str, Any]:
    return {
        "description": chart.description,
        "bars": [
            {"label": _runs(bar.label), "part": float(bar.share.percent or 0), "quoted": bar.quoted}
            for bar in chart.bars
        ],
    }
