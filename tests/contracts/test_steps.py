"""A step is whole only when its imports are held and its pages are in the navigation."""

import tomllib
from pathlib import Path

import surveyapp
from surveyapp.navigation import NAVIGATION
from surveyapp.site_map import OTHER_STAFF_PAGES, STAFF_STEPS

PACKAGE = Path(surveyapp.__file__).parent
# What starts the steps knows Flask in every file.
STARTS_THE_STEPS = {"commands", "standalone"}


def test_the_rules_of_every_step_know_nothing_of_the_web() -> None:
    contracts = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    held = next(
        set(contract["source_modules"])
        for contract in contracts["contracts"]
        if contract["name"] == "Rules know nothing of the web"
    )
    steps = {file.parent.name for file in PACKAGE.glob("*/__init__.py")} - STARTS_THE_STEPS
    missing = sorted({f"surveyapp.{step}" for step in steps} - held)
    assert not missing, f"Add {missing} to “Rules know nothing of the web” in pyproject.toml."


def test_every_page_of_staff_belongs_to_a_part_of_the_navigation() -> None:
    parts = [name for _words, _endpoint, names in NAVIGATION for name in names]
    assert len(parts) == len(set(parts))
    missing = sorted({blueprint.name for blueprint in (*STAFF_STEPS, *OTHER_STAFF_PAGES)} - set(parts))
    assert not missing, f"Add {missing} to a part of NAVIGATION in navigation.py, which marks it as current."
