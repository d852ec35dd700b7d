"""The assets come from a locked package, without the font and crest that only gov.uk may use."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "surveyapp/static/survey"


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
