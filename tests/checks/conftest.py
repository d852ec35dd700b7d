"""An audit whose brief can be written and released."""

from tests.brief.conftest import audit as audit  # noqa: PLC0414 — a fixture of these tests too
