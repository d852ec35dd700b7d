"""The README has every setting with its default, every signal and every command."""

from pathlib import Path

import pytest
from flask import Flask

from surveyapp.commands.late_group import LateGroup
from surveyapp.foundation.settings_list import SETTINGS, Setting
from surveyapp.foundation.signals import SIGNALS
from surveyapp.standalone.configuration import STANDALONE_SETTINGS

README = Path(__file__).parents[2] / "README.md"


def lines() -> list[str]:
    return README.read_text("utf-8").splitlines()


def default_of(setting: Setting) -> str:
    """A default as the README writes it; an empty one is the word “empty”."""
    default = str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default)
    return f"`{default}`" if default else "empty"


@pytest.mark.parametrize("setting", [*SETTINGS, *STANDALONE_SETTINGS], ids=lambda setting: setting.name)
def test_the_readme_has_every_setting_with_its_default_and_help(setting: Setting) -> None:
    wanted = f"| `{setting.name}` | {default_of(setting)} | {setting.help} |"
    assert wanted in lines(), f"Add this line to the settings in README.md:\n{wanted}"


def test_the_readme_has_every_command(app: Flask) -> None:
    survey = app.cli.commands["survey"]
    assert isinstance(survey, LateGroup)
    for name in survey.listed:
        assert any(line.startswith(f"| `{name}") for line in lines()), (
            f"Add `{name}` to the commands in README.md."
        )


def test_the_readme_has_every_signal() -> None:
    for signal in SIGNALS:
        name = signal.name.replace("-", "_")
        assert any(f"`{name}`" in line for line in lines()), f"Add `{name}` to the signals in README.md."
