"""Tests marked for one engine are skipped on the other."""

import pytest


@pytest.fixture(autouse=True)
def _skip_on_other_engine(request: pytest.FixtureRequest) -> None:
    for engine, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        if request.node.get_closest_marker(engine) and request.config.getoption("--engine") != engine:
            pytest.skip(f"A rule of {name} alone.")
