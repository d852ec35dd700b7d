"""The first sheet of an exported workbook: what it is, out of how many, by which rule."""

from collections.abc import Mapping

from surveyapp.collating.figures_in_words import counted_returns_in_words, returns_in_words
from surveyapp.exports.scope_in_words import scope_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.exports.workbook.sheet_writer import SheetWriter
from surveyapp.foundation.words.dates_and_lists import moment_in_words

SHEET_DESCRIPTIONS = {
    "Returns": "One row for each return: what was chosen and written; blank where nothing was answered",
    "Comments": "All comments of a question together, each beside its answer",
    "Cases": "How each request stands: cases down, agencies across",
    "Codebook": "Every question with its id, its full wording and what may be answered",
}


def write_about(sheet: SheetWriter, reading: AuditSnapshot) -> None:
    """What this is, out of how many, by which rule: the first thing a reader needs."""
    found = reading.collation
    small = (
        f"Fewer than {found.threshold} returns or cases stand behind these figures: they could point at a "
        "child or a person. Look before you share them."
    )
    withdrawn = f"{reading.withdrawn:,}, in no figure" if reading.withdrawn else "none"
    lines: list[tuple[str, str]] = [
        ("Audit", reading.title),
        ("Read", moment_in_words(reading.read_at)),
        ("Returned", returns_in_words(found)),
        ("Stands behind the figures", counted_returns_in_words(found)),
        ("Kept", scope_in_words(reading)),
        ("Withdrawn, of what is kept", withdrawn),
        ("Current practice concerns raised", f"{reading.concerns:,}" if reading.concerns else "none"),
        ("Rule", found.rule.words),
        ("Small numbers", small if found.is_small else ""),
        ("Not collated", ", ".join(found.not_collated)),
    ]
    for name, words in lines:
        if words:
            sheet.add((name, words))
    sheet.row += 1
    nil = [each for each in reading.asked if each.counts and each.nil_reason]
    sheet.add((f"Nil returns: {len(nil)}",), sheet.book.bold)
    if not nil:
        return
    sheet.add(("Case", "Agency", "Nil return because", "Where the child is now"), sheet.book.head)
    for each in reading.nil_returns():
        sheet.add((each.case.pseudonym, each.agency.name, each.nil_in_words, each.whereabouts))


def list_sheets(about: SheetWriter, themes: Mapping[str, str]) -> None:
    """Say what each sheet is of; the tab of a theme has no room for its whole heading."""
    about.row += 1
    about.add(("Sheets of this workbook",), about.book.bold)
    for worksheet in about.book.workbook.worksheets():
        name = worksheet.get_name()
        if name != about.name:
            about.add((name, themes.get(name) or SHEET_DESCRIPTIONS.get(name, "")))
