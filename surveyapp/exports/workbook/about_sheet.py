"""The About sheet: scope, denominators, rule and nil returns of the export, and the list of sheets."""

from collections.abc import Mapping

from surveyapp.collating.figures_in_words import counted_returns_in_words, returns_in_words
from surveyapp.exports.scope_in_words import scope_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.documents.sheet_writer import SheetWriter
from surveyapp.foundation.words.dates_and_lists import moment_in_words

SHEET_DESCRIPTIONS = {
    "Returns": "One row for each return: what was chosen and written; blank where nothing was answered",
    "Comments": "All comments of a question together, each beside its answer",
    "Cases": "How each request stands: cases down, agencies across",
    "Codebook": "Every question with its id, its full wording and what may be answered",
}


def write_about(sheet: SheetWriter, snapshot: AuditSnapshot) -> None:
    """Write the facts of the export and the nil returns."""
    collation = snapshot.collation
    small = (
        f"Fewer than {collation.threshold} returns or cases stand behind these figures: they could point at "
        "a child or a person. Look before you share them."
    )
    withdrawn = f"{snapshot.withdrawn:,}, in no figure" if snapshot.withdrawn else "none"
    lines: list[tuple[str, str]] = [
        ("Audit", snapshot.title),
        ("Read", moment_in_words(snapshot.read_at)),
        ("Returned", returns_in_words(collation)),
        ("Stands behind the figures", counted_returns_in_words(collation)),
        ("Kept", scope_in_words(snapshot)),
        ("Withdrawn, of what is kept", withdrawn),
        ("Current practice concerns raised", f"{snapshot.concerns:,}" if snapshot.concerns else "none"),
        ("Rule", collation.rule.words),
        ("Small numbers", small if collation.is_small else ""),
        ("Not collated", ", ".join(collation.not_collated)),
    ]
    for name, words in lines:
        if words:
            sheet.add((name, words))
    sheet.row += 1
    nil_count = sum(bool(request_row.nil_reason) for request_row in snapshot.counted)
    sheet.add((f"Nil returns: {nil_count}",), sheet.book.bold)
    if not nil_count:
        return
    sheet.add(("Case", "Agency", "Nil return because", "Where the child is now"), sheet.book.head)
    for nil_return in snapshot.nil_returns():
        sheet.add(
            (
                nil_return.case.pseudonym,
                nil_return.agency.name,
                nil_return.nil_in_words,
                nil_return.whereabouts,
            )
        )


def list_sheets(about: SheetWriter, themes: Mapping[str, str]) -> None:
    """List the sheets with a description each; the tab of a theme may be too short for its heading."""
    about.row += 1
    about.add(("Sheets of this workbook",), about.book.bold)
    for worksheet in about.book.workbook.worksheets():
        name = worksheet.get_name()
        if name != about.name:
            about.add((name, themes.get(name) or SHEET_DESCRIPTIONS.get(name, "")))
