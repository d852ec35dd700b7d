"""The figures printed in the audit report of February 2014, which the demonstration must reproduce."""

import tomllib
from pathlib import Path
from typing import Any

# The report prints some answers added up: the name it gives them, and the answers.
TOGETHER = {"yes_both_kinds": ("own_agency", "another_agency")}


def published() -> dict[str, Any]:
    """Read the published figures; the file says what each key means."""
    return tomllib.loads(Path(__file__).with_name("published_2014.toml").read_text("utf-8"))
