"""The figures printed in the audit report of February 2014, which the demonstration must reproduce."""

import tomllib
from pathlib import Path
from typing import Any

# Answers that the report prints as one figure: its name, and the answers that it adds up.
TOGETHER = {"yes_both_kinds": ("own_agency", "another_agency")}


def published() -> dict[str, Any]:
    """The published figures; published_2014.toml says what each key means."""
    return tomllib.loads(Path(__file__).with_name("published_2014.toml").read_text("utf-8"))
