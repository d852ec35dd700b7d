"""The assets come from a locked package, without the font and crest that only gov.uk may use."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "surveyapp/static/survey"
TEMPLATES = ROOT / "surveyapp/templates"
# A class without element and modifier; a template may add its last part, as in govuk-heading-{{ size }}.
COMPONENT = re.compile(r"govuk-(?:!-)?[a-z0-9]+(?:-[a-z0-9]+)*")
# Names for scripts, ids, and names of files.
NO_COMPONENTS = {
    "govuk-frontend",
    "govuk-js-character-count",
    "govuk-js-service-navigation-toggle",
    "govuk-notification-banner-title",
}


@pytest.fixture(scope="module")
def build_hook() -> ModuleType:
    """The build hook, loaded as a file, as hatch does."""
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "assets/build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_component_of_our_templates_and_scripts_is_left_out(build_hook: ModuleType) -> None:
    sources = [*TEMPLATES.rglob("*.html"), *STATIC.glob("*.js"), *(ROOT / "surveyapp").rglob("*.py")]
    used = {
        name: str(file.relative_to(ROOT))
        for file in sorted(sources)
        for name in COMPONENT.findall(file.read_text(encoding="utf-8"))
    }
    beginnings = {name for name in used if any(one.startswith(f"{name}-") for one in build_hook.COMPONENTS)}
    missing = {
        name: file
        for name, file in used.items()
        if name not in build_hook.COMPONENTS | NO_COMPONENTS | beginnings
    }
    assert missing == {}, "Add them to COMPONENTS in assets/build_hook.py, and install again."
    unused = {name for name in build_hook.COMPONENTS - set(used) if not any(map(name.startswith, beginnings))}
    assert unused == set(), "Take them out of COMPONENTS in assets/build_hook.py, and install again."


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".govuk-a{color:red}.govuk-b{color:red}", ".govuk-a{color:red}"),
        (".govuk-a,.govuk-b{color:red}", ".govuk-a{color:red}"),
        (".govuk-a__part--small:focus,p{color:red}", ".govuk-a__part--small:focus,p{color:red}"),
        (".govuk-a .govuk-b{color:red}", ""),
        (".govuk-a:not(.govuk-b){color:red}", ".govuk-a:not(.govuk-b){color:red}"),
        (".js-enabled .govuk-a{color:red}", ".js-enabled .govuk-a{color:red}"),
        (r".govuk-\!-wide{color:red}", ""),
        (
            "@media print{.govuk-a{color:red}.govuk-b{color:red}}@media screen{.govuk-b{color:red}}",
            "@media print{.govuk-a{color:red}}",
        ),
        ('@charset "UTF-8";:root{--a:1}', '@charset "UTF-8";:root{--a:1}'),
    ],
)
def test_the_rules_of_other_components_are_taken_out(build_hook: ModuleType, css: str, kept: str) -> None:
    assert build_hook.only_components(css, {"govuk-a"}) == kept


def test_the_lock_file_names_hashes_and_nobodys_registry() -> None:
    lock = json.loads((ROOT / "assets/package-lock.json").read_text(encoding="utf-8"))
    fetched = {name: package for name, package in lock["packages"].items() if name}
    assert fetched
    for name, package in fetched.items():
        assert package["integrity"].startswith("sha512-"), f"{name} has no hash: make the lock file again."
        assert "resolved" not in package, f"{name} has an address: make the lock file with assets/.npmrc."


def test_the_stylesheet_has_neither_font_nor_crest_of_gov_uk() -> None:
    css = (STATIC / "govuk/govuk-frontend.min.css").read_text(encoding="utf-8")
    assert "font-family:Arial,sans-serif" in css
    for word in ("GDS Transport", "@font-face", "url(", "sourceMappingURL"):
        assert word not in css, f"{word} is left: assets/build_hook.py takes it out."


def test_the_fetched_files_are_of_the_locked_version() -> None:
    lock = json.loads((ROOT / "assets/package-lock.json").read_text(encoding="utf-8"))
    version = lock["packages"]["node_modules/govuk-frontend"]["version"]
    css = (STATIC / "govuk/govuk-frontend.min.css").read_text(encoding="utf-8")
    assert f'--govuk-frontend-version:"{version}"' in css, "Install again: pip install -e ."


def test_our_stylesheet_and_script_ask_nothing_of_anybody() -> None:
    for name in ("survey.css", "survey.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        for word in ("http:", "https:", "@import", "url(", "localStorage", "sessionStorage"):
            assert word not in text, f"{word} stands in {name}: it stays within this page and this site."
