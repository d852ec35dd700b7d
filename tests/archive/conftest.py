"""An audit with every kind of question, as the exports are tested with."""

from tests.exports.conftest import every_kind as every_kind  # noqa: PLC0414 — a fixture of these tests too
