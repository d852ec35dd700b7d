"""The form files that tests of this step read."""

from pathlib import Path
from typing import get_args

from surveyapp.defining.checking import read_form
from surveyapp.defining.definition import AuditForm, KindName

KIND_NAMES: tuple[str, ...] = get_args(KindName)
TESTS = Path(__file__).parent.parent / "forms"
OURS = TESTS.parent.parent / "forms"


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
