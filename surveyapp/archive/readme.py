"""The README of an archive: what each file holds, how to read the CSV, and what is left out."""

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from surveyapp.archive.contents import ArchiveFile
from surveyapp.collating.figures_in_words import returns_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import moment_in_words

WIDTH = 88
COLUMNS = """\
audit                            the audit’s number
case, age_band, gender,
category, plan                   the case
agency, agency_kind, request     whose return it is; the request’s reference
returned_at, late                UK time; yes or no
theme, number, question          the question
item, item_label                 the line of a checklist; "comment" for a comment; else empty
option, label, counts_as         what was chosen; counts_as is not_applicable, dont_know or empty
text                             what was written
"""
LOG = (
    "In log.csv a contact who acted is “grant” and a number, because no name or address of a contact is in "
    "any of these files; “whose” is their agency. “staff” and a number is an account of the partnership, "
    "“worker” the program itself, “command” somebody at its terminal. Times are UK time."
)
CONCLUSIONS = (
    "In conclusions.json a finding names its questions as returns.csv does, its themes by name and its "
    "quotes by their id; an action has every update with what was said as evidence. A theme counts the "
    "returns whose comments speak of it. A quote stands as it prints, with words taken out or replaced: the "
    "words that were said are not in it. What an auditor wrote stands in full in returns.csv, under the "
    "quote’s request, and what was noted of a workshop or a talk as it was noted. Who calls a family, and "
    "the addresses of owners, are left out. Times are UK time."
)
CSV = (
    "A question left blank has no row. A nil return has one, whose question is nil-return. A text that a "
    "spreadsheet would take for a formula has an apostrophe before it. A spreadsheet that opens the file "
    "reads a case “01” as 1: open workbook.xlsx there, or import every column as text."
)
NOT_HERE = (
    "No name or email address of a contact, no telephone number of a family, no link that opens anything, "
    "no draft, and nothing that was said of a current practice concern. A question that asks for a person’s "
    "details says “given, not exported”."
)
KEEP = "Comments stand in these files as they were written. Keep the archive as you keep the returns."


def readme(reading: AuditSnapshot, files: Iterable[tuple[ArchiveFile, Any]]) -> str:
    """The text of the README; each file comes with its content, or None if it is missing."""
    files = list(files)
    present = [file for file, content in files if content is not None]
    missing = [file for file, content in files if content is None]
    width = max(len(file.name) for file in present) + 2
    blocks = [
        f"{reading.title}\n{'=' * min(len(reading.title), WIDTH)}",
        fill(
            f"This audit of {settings().partnership} as it stood on {moment_in_words(reading.read_at)}: "
            f"{returns_in_words(reading.collation)}.",
            WIDTH,
        ),
        fill(KEEP, WIDTH),
        "The files\n---------",
        "\n".join(
            fill(f"{file.name:<{width}}{file.about}", WIDTH, subsequent_indent=" " * width)
            for file in present
        ),
        *(fill(f"There is no {file.name}: {file.absent}.", WIDTH) for file in missing),
        "returns.csv\n-----------",
        COLUMNS.rstrip(),
        fill(CSV, WIDTH),
        "In Python, with pandas:",
        _in_pandas(reading),
        "conclusions.json\n----------------",
        fill(CONCLUSIONS, WIDTH),
        *(
            ("log.csv and mail.csv\n--------------------", fill(LOG, WIDTH))
            if any(file.name == "log.csv" for file in present)
            else ()
        ),
        "What is in none of them\n-----------------------",
        fill(NOT_HERE, WIDTH),
        "Whether the files are whole\n---------------------------",
        fill(
            "SHA256SUMS holds a sum of each. On Linux: sha256sum --check SHA256SUMS. On a Mac: "
            "shasum -a 256 -c SHA256SUMS. On Windows: compare with what Get-FileHash prints.",
            WIDTH,
        ),
    ]
    return "\n\n".join(blocks).replace("\n", "\r\n") + "\r\n"


def _in_pandas(reading: AuditSnapshot) -> str:
    questions = reading.definition.questions
    name = next((question.id for question in questions if question.answers), questions[0].id)
    return (
        "    import pandas\n"
        '    answers = pandas.read_csv("returns.csv", dtype=str, keep_default_na=False)\n'
        f"    print(answers.query(\"question == '{name}' and item == ''\")"
        '.groupby("label").request.nunique())'
    )
