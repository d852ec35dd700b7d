"""Made exports of a case-management system, with names, birth dates, numbers and addresses of nobody."""

import csv
import io
import random
from datetime import date, datetime, timedelta

import xlsxwriter

from surveyapp.foundation.tables.opened_table import open_file
from surveyapp.sampling.columns import COLUMNS, recognised_columns
from surveyapp.sampling.criteria import Criteria
from surveyapp.sampling.population import Population, read_population
from surveyapp.sampling.posted_list import LIST_LIMITS

LISTED_ON = date(2014, 1, 16)
HEADS = (
    "Client ID",
    "NHS number",
    "Forename",
    "Surname",
    "Date of birth",
    "Gender",
    "Address",
    "Postcode",
    "Category of abuse",
    "Plan type",
    "Plan start date",
    "Previous plan end date",
    "Number of plans",
    "Family ID",
)
# What a row says of one child, and what may be nowhere afterwards.
SECRETS = ("Zebedee", "Quillfeather", "9434765919", "Tamarisk Mews", "QX9 7ZZ", "CMS-88017", "Fam-Quill")
_SECRET_BIRTH = date(2009, 5, 23)
# Every way in which a birth date might be written.
SECRET_BIRTH_DATES = ("23/05/2009", "2009-05-23", "23 May 2009", "20090523", "23052009")
# R2014 2.1.6.
RULES_OF_2014 = Criteria(only_repeat=True, longest_interval=36, one_of_siblings=True)
# R2014 2.1.5: 202 plans, 34 of them repeat plans, with 7 sibling groups, 23 for neglect and 11 for emotional
# abuse, 6 months to 10 years after the plan before.
PLANS, REPEATS, GROUPS, NEGLECT = 202, 34, 7, 23


def export_of_2014(*, plans: int = PLANS, repeats: int = REPEATS, families: str = "Fam-") -> str:
    """A CSV whose population has exactly the figures of the report of 2014."""
    chance = random.Random(2014)  # noqa: S311 — the same file each time
    lines = [",".join(HEADS)]
    for number in range(plans):
        is_repeat = number < repeats
        began = LISTED_ON - timedelta(days=chance.randrange(1, 360))
        months = (6, 120, *range(8, 60))[number % 54] if is_repeat else 0
        ended = _months_before(began, months).strftime("%d/%m/%Y") if is_repeat else ""
        born = _months_before(LISTED_ON, chance.randrange(0, 13 * 12))
        category = ("Neglect" if number < NEGLECT else "Emotional Abuse") if is_repeat else "Physical abuse"
        family = f"{families}{number // 2}" if number < GROUPS * 2 else f"{families}single-{number}"
        row = [
            f"CMS-{number:05}",
            f"{4000000000 + number}",
            f"Forename{number}",
            f"Surname{number}",
            born.strftime("%d/%m/%Y"),
            ("F", "M")[number % 2],
            f"{number} Nowhere Street",
            "QX9 1AA",
            category,
            "Child protection",
            began.strftime("%d/%m/%Y"),
            ended,
            "2" if is_repeat else "1",
            family,
        ]
        if number == 0:
            row[:8] = [
                "CMS-88017",
                "9434765919",
                "Zebedee",
                "Quillfeather",
                _SECRET_BIRTH.strftime("%d/%m/%Y"),
                "M",
                "1 Tamarisk Mews",
                "QX9 7ZZ",
            ]
        if family.endswith("-0"):
            row[13] = "Fam-Quill"
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))


def as_workbook(text: str) -> bytes:
    """An export as a workbook, as Excel keeps it: texts shared, days and numbers as such."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Export")
        for row, cells in enumerate(csv.reader(io.StringIO(text))):
            for column, cell in enumerate(cells):
                sheet.write(row, column, _value_in_a_workbook(cell))
    return written.getvalue()


def _value_in_a_workbook(cell: str) -> str | int | datetime:
    if cell.count("/") == 2:
        return datetime.strptime(cell, "%d/%m/%Y")  # noqa: DTZ007 — a day, in no time zone
    return int(cell) if cell.isdecimal() else cell


def population_of(content: str | bytes, *, on: date = LISTED_ON) -> Population:
    """The population of a CSV, or of a workbook, read as the page reads it."""
    file, name = (content, "export.xlsx") if isinstance(content, bytes) else (content.encode(), "export.csv")
    sheet = open_file(file, name, rank=lambda _: len(COLUMNS), limits=LIST_LIMITS).sheet
    return read_population(sheet, recognised_columns(sheet, {}), on=on)
