"""Passwords are typed by people or by their password managers, which find the fields and may paste."""

import re
from pathlib import Path

import pytest

import surveyapp

PACKAGE = Path(surveyapp.__file__).parent
FIELDS = [
    line.strip()
    for template in sorted((PACKAGE / "templates").rglob("*.html"))
    for line in template.read_text("utf-8").splitlines()
    if 'type="password"' in line
]
SCRIPTS = sorted((PACKAGE / "static" / "survey").glob("*.js"))


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_says_which_password_it_takes(field: str) -> None:
    assert 'autocomplete="new-password"' in field or 'autocomplete="current-password"' in field


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_hears_of_pasting(script: Path) -> None:
    assert not re.search(r"""["'`](?:before)?(?:on)?paste""", script.read_text("utf-8"))
