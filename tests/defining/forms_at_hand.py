"""The form files that tests read."""

from datetime import date
from pathlib import Path

from surveyapp.defining.definition import KIND_NAMES, AuditForm
from surveyapp.defining.form_checks import read_form

__all__ = ["KIND_NAMES", "OURS", "RETURNED_ON", "TESTS", "feature", "ours", "small"]
TESTS = Path(__file__).parent.parent / "forms"
OURS = TESTS.parent.parent / "forms"
# The day on which a return is checked.
RETURNED_ON = date(2026, 11, 30)


def feature(name: str) -> AuditForm:
    """One of the small forms, each of which shows one feature."""
    path = TESTS / "features" / f"{name}.yaml"
    return read_form(path.read_bytes(), str(path))


def ours(name: str = "repeat_child_protection_plans_2014") -> AuditForm:
    """One of the forms we ship."""
    path = OURS / f"{name}.yaml"
    return read_form(path.read_bytes(), str(path))


def small(question: str) -> str:
    """A form file with this one question, in flow style."""
    return f"form: small\ntitle: Small\nsource: Tests\nthemes: {{one: One}}\nquestions:\n  - {question}\n"
