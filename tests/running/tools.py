"""Programs of the system that a test needs, and the settings that ship."""

import os
import shutil
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


def program(name: str, package: str) -> str:
    """The path of a program; without it the test is skipped, but fails on a build machine."""
    # Debian’s servers are not on everybody’s path.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        missing = f"There is no {name} here: apt-get install {package}."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def shipped_settings() -> dict[str, str]:
    """The settings of deploy/surveyapp.env, those in comments left out."""
    lines = (DEPLOY / "surveyapp.env").read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value.strip("'") for name, _, value in pairs}
