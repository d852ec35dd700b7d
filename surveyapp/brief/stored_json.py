"""The stored JSON of a brief's text and of a released page; fields missing from older rows stay empty."""

import json
from dataclasses import asdict
from typing import Any

from surveyapp.brief.brief import (
    Brief,
    BriefBar,
    BriefChart,
    BriefSection,
    BriefText,
    FoundAndNeeded,
    LearningTheme,
    Resource,
)
from surveyapp.foundation.words.shares import Share


def texts_as_json(written: BriefText) -> str:
    """Write a brief's texts as JSON, without the fields that have columns of their own."""
    texts = asdict(written)
    for name in ("audited_on", "discussed", "shows_splits", "question"):
        del texts[name]
    return json.dumps(texts)


def texts_from_json(stored: str) -> dict[str, Any]:
    """Read stored texts, as keyword arguments of BriefText."""
    texts = json.loads(stored)
    return {
        "cohort": texts.get("cohort", ""),
        "aim": texts.get("aim", ""),
        "worries": tuple(texts.get("worries", ())),
        "good_practice": tuple(texts.get("good_practice", ())),
        "callouts": tuple(texts.get("callouts", ())),
        "themes": tuple(
            LearningTheme(theme["title"], tuple(theme["points"])) for theme in texts.get("themes", ())
        ),
        "pairs": tuple(
            FoundAndNeeded(pair["title"], tuple(pair["found"]), tuple(pair["needed"]))
            for pair in texts.get("pairs", ())
        ),
    }


def page_as_json(brief: Brief) -> str:
    """Write a released page as JSON."""
    return json.dumps(asdict(brief))


def page_from_json(stored: str) -> Brief:
    """Read a released page, whichever version of the program stored it."""
    page = json.loads(stored)
    sections = tuple(_section(section) for section in page["sections"])
    return Brief(page["title"], page["author"], page["foot"], sections)


def _section(section: dict[str, Any]) -> BriefSection:
    return BriefSection(
        name=section["name"],
        heading=section["heading"],
        look=section["look"],
        paragraphs=tuple(section["paragraphs"]),
        points=tuple(section["points"]),
        then_heading=section["then_heading"],
        then_points=tuple(section["then_points"]),
        chart=_chart(section["chart"]) if section["chart"] else None,
        links=tuple(Resource(**resource) for resource in section["links"]),
    )


def _chart(chart: dict[str, Any]) -> BriefChart:
    return BriefChart(
        chart["title"], tuple(BriefBar(bar["label"], Share(**bar["share"])) for bar in chart["bars"])
    )
