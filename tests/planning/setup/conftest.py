"""One set-up as YAML and as a workbook of the same content."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
import yaml

from surveyapp.agencies.directory_import.directory_comparison import plan_directory
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from surveyapp.planning.setup.setup_schema import SetUp
from surveyapp.planning.setup.setup_warnings import worth_knowing


@dataclass(frozen=True)
class Shown:
    """A number in a cell, with the format that says how the workbook shows it."""

    value: float
    number_format: str


Sheets = dict[str, list[list[Any]]]


EXAMPLE = """\
audit: Repeat Child Protection Plans, January 2027
form: repeat_child_protection_plans_2014
theme: Repeat child protection plans
aim: To see whether a second plan was needed.
issue_on: 2026-12-01
due_on: 2026-12-18
close_on: 2027-01-15
chasers: [-5, 0, 3, 7]
escalate_from: 3
agencies:
  - name: Northside Social Care
    kind: social_care
    contacts:
      - {name: Audit lead, email: lead@care.example, role: lead, telephone: 01234 567890}
      - {name: Head of service, email: head@care.example, role: escalation}
  - name: Northside Police
    kind: police
    contacts:
      - {name: Audit lead, email: audit@police.example, role: lead}
cases:
  - case: Child 1
    age: 3 years
    gender: female
    category: neglect
    plan: child protection
    sibling_group: A
    needs: [domestic abuse, parental substance misuse]
    agencies: [Northside Social Care, Northside Police]
  - case: Child 2
    age: unborn
    agencies: [Northside Social Care]
"""


def _sheets() -> Sheets:
    """The sheets of the example."""
    said = yaml.safe_load(EXAMPLE)
    agencies = said.pop("agencies")
    cases = said.pop("cases")
    said["chasers"] = ", ".join(str(chaser) for chaser in said["chasers"])
    contact = ("name", "email", "role", "telephone")
    case = ("case", "age", "gender", "category", "plan", "sibling_group", "needs")
    for details in cases:
        details["needs"] = "; ".join(details.get("needs", []))
    return {
        "Audit": [["name", "value"], *([name, value] for name, value in said.items())],
        "Agencies": [["name", "kind"], *([agency["name"], agency["kind"]] for agency in agencies)],
        "Contacts": [
            ["agency", *contact],
            *([a["name"], *(c.get(name) for name in contact)] for a in agencies for c in a["contacts"]),
        ],
        "Cases": [list(case), *([details.get(name) for name in case] for details in cases)],
        "Grid": [
            ["Case", *(agency["name"] for agency in agencies)],
            *(
                [row["case"], *("x" if agency["name"] in row["agencies"] else None for agency in agencies)]
                for row in cases
            ),
        ],
    }


def read(text: str) -> SetUp:
    """Read a set-up from YAML."""
    return read_set_up(text.encode(), "set-up.yaml")


def plan_of(set_up: SetUp, choices: Mapping[str, str] | None = None) -> DirectoryPlan:
    """What storing the file makes of the directory."""
    return plan_directory(set_up.imported_agencies, agencies_by_name(), choices or {})


def notices(set_up: SetUp, choices: Mapping[str, str] | None = None) -> list[str]:
    """What the preview lists as worth knowing."""
    return list(worth_knowing(set_up, plan_of(set_up, choices), agencies_by_name()))


def workbook_mistakes(content: bytes, name: str = "set-up.xlsx") -> list[str]:
    """Read a workbook that is refused; returns its mistakes in words."""
    with pytest.raises(SetUpMistakes) as refusal:
        read_set_up(content, name)
    return [str(mistake) for mistake in refusal.value.mistakes]


@pytest.fixture
def example() -> str:
    """The example as YAML."""
    return EXAMPLE


@pytest.fixture
def sheets() -> Sheets:
    """The example as the rows of five sheets, which a test may change."""
    return _sheets()


@pytest.fixture
def workbook() -> Callable[[Sheets], bytes]:
    """Write sheets as an .xlsx workbook."""

    def write(sheets: Sheets) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for number, row in enumerate(rows, 1):
                sheet.append([cell.value if isinstance(cell, Shown) else cell for cell in row])
                for column, cell in enumerate(row, 1):
                    if isinstance(cell, Shown):
                        sheet.cell(number, column).number_format = cell.number_format
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    return write
