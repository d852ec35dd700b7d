"""A brief's texts, and a whole page, as JSON and back: what a later release adds is empty in an older row."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from surveyapp.brief.brief import (
    Bar,
    Brief,
    BriefChart,
    BriefSection,
    BriefText,
    FoundAndNeeded,
    LearningTheme,
    Resource,
)
from surveyapp.foundation.words.shares import Share


def texts_as_json(written: BriefText) -> str:
    """Everything that people wrote as text."""
    kept = asdict(written)
    for name in ("audited_on", "discussed", "shows_splits", "question"):
        del kept[name]
    return json.dumps(kept)


def texts_from_json(kept: str) -> dict[str, Any]:
    """The texts again, as arguments of Written."""
    said = json.loads(kept)
    return {
        "cohort": said.get("cohort", ""),
        "aim": said.get("aim", ""),
        "worries": tuple(said.get("worries", ())),
        "good_practice": tuple(said.get("good_practice", ())),
        "callouts": tuple(said.get("callouts", ())),
        "themes": tuple(
            LearningTheme(each["title"], tuple(each["points"])) for each in said.get("themes", ())
        ),
        "pairs": tuple(
            FoundAndNeeded(each["title"], tuple(each["found"]), tuple(each["needed"]))
            for each in said.get("pairs", ())
        ),
    }


def page_as_json(brief: Brief) -> str:
    """A whole page, as it is released."""
    return json.dumps(asdict(brief))


def page_from_json(kept: str) -> Brief:
    """The page again, whichever release of the program kept it."""
    said = json.loads(kept)
    sections = tuple(_section(each) for each in said["sections"])
    return Brief(said["title"], said["author"], said["foot"], sections)


def _section(said: dict[str, Any]) -> BriefSection:
    return BriefSection(
        name=said["name"],
        heading=said["heading"],
        look=said["look"],
        paragraphs=_lines(said["paragraphs"]),
        points=_lines(said["points"]),
        then_heading=said["then_heading"],
        then_points=_lines(said["then_points"]),
        chart=_chart(said["chart"]) if said["chart"] else None,
        links=tuple(Resource(**each) for each in said["links"]),
    )


def _lines(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(said)


def _chart(said: dict[str, Any]) -> BriefChart:
    return BriefChart(
        said["title"], tuple(Bar(each["label"], Share(**each["share"])) for each in said["bars"])
    )
