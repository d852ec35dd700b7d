"""The audit with every kind of question with which exports are tested."""

from tests.exports.conftest import every_kind as every_kind  # noqa: PLC0414 — a fixture of these tests too
