"""An audit's collation as a workbook: returns, figures by theme with charts, comments, cases, codebook."""

from collections.abc import Mapping
from typing import IO

from surveyapp.defining.definition import COMMENT, Question
from surveyapp.exports.answer_cells import NOT_ASKED, AnswerPlace, Value, answer_cells, answer_columns
from surveyapp.exports.scope_in_words import audience_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.exports.workbook.about_sheet import SHEET_DESCRIPTIONS, list_sheets, write_about
from surveyapp.exports.workbook.sheet_writer import CellValue, WorkbookWriter
from surveyapp.exports.workbook.theme_sheets import write_themes
from surveyapp.foundation.clock import local_time

RETURN_HEAD = (
    "Case",
    "Age band",
    "Gender",
    "Category",
    "Plan",
    "Agency",
    "Agency kind",
    "Request",
    "Returned (UK time)",
    "Late",
    "Nil return because",
)
RETURN_WIDTHS = (12, 16, 10, 18, 18, 26, 22, 14, 17, 7, 26)
COMMENT_HEAD = ("Number", "Question", "Case", "Agency kind", "Agency", "Answer", "Comment")
COMMENT_WIDTHS = (9, 40, 12, 22, 26, 30, 100)
CODE_HEAD = (
    "Number",
    "Question id",
    "Theme",
    "Kind",
    "Wording",
    "Short wording",
    "Line id",
    "Line",
    "Option",
    "Option wording",
    "Counts as",
    "Asked",
)
CODE_WIDTHS = (9, 28, 34, 11, 60, 40, 24, 50, 22, 44, 16, 40)
COUNTS_AS = {"not_applicable": "not applicable", "dont_know": "don’t know"}


def write_workbook(reading: AuditSnapshot, to: IO[bytes]) -> None:
    """Write an audit's collation as .xlsx; memory does not grow with the returns."""
    made_at = local_time(reading.read_at).replace(tzinfo=None)
    book = WorkbookWriter(to, title=reading.title, made_at=made_at, own=("About", *SHEET_DESCRIPTIONS))
    try:
        about = book.reserved_sheet("About", (), (34, 60, 44, 44), wrap=True)
        write_about(about, reading)
        themes = write_themes(book, reading.collation)
        commented = _write_returns(book, reading)
        _write_comments(book, reading, commented)
        _write_cases(book, reading)
        _write_codebook(book, reading)
        list_sheets(about, themes)
        book.close()
    except BaseException:
        book.abandon()
        raise


def _write_returns(book: WorkbookWriter, reading: AuditSnapshot) -> dict[str, list[int]]:
    """One row for each return; and which returns commented on each question."""
    places = answer_columns(reading.definition)
    head = (*RETURN_HEAD, *(each.heading for each in places))
    sheet = book.reserved_sheet("Returns", head, (*RETURN_WIDTHS, *(28 for _ in places)))
    commented: dict[str, list[int]] = {}
    for number, each in enumerate(reading.returns()):
        found = answer_cells(reading.definition, each.given)
        row: list[CellValue] = [
            each.case.pseudonym,
            each.case.age_band,
            each.case.gender or None,
            each.case.category or None,
            each.case.plan or None,
            each.agency.name,
            each.agency.kind_in_words,
            each.reference,
            local_time(each.returned_at).replace(tzinfo=None),
            "yes" if each.is_late else "no",
            each.nil_in_words or None,
        ]
        for column in places:
            question, line = column.place
            value: CellValue = found.get(column.place)
            if line == COMMENT and value is not None:
                commented.setdefault(question, []).append(number)
            if value is None and not column.is_comment and question in each.not_asked and not each.nil_reason:
                value = NOT_ASKED
            row.append(value)
        sheet.add(row)
    sheet.end()
    return commented


def _write_comments(book: WorkbookWriter, reading: AuditSnapshot, commented: dict[str, list[int]]) -> None:
    """All comments of a question together, each with the answer it stands beside."""
    sheet = book.reserved_sheet("Comments", COMMENT_HEAD, COMMENT_WIDTHS, wrap=True)
    counted = [each for each in reading.asked if each.counts]
    for question in reading.definition.questions:
        for number in commented.get(question.id, ()):
            asked = counted[number]
            agency = reading.agencies[asked.agency_id]
            found = answer_cells(reading.definition, reading.answers_to(number, question.id))
            sheet.add(
                (
                    question.number,
                    question.name,
                    reading.cases[asked.case_id].pseudonym,
                    agency.kind_in_words,
                    agency.name,
                    _answer(question, found),
                    str(found[question.id, COMMENT]),
                )
            )
    sheet.end()


def _answer(question: Question, found: Mapping[AnswerPlace, Value]) -> str:
    if not question.items:
        return str(found.get((question.id, ""), ""))
    ticked = [line.name for line in question.items if found.get((question.id, line.id)) == "Yes"]
    answered = any((question.id, line.id) in found for line in question.items)
    return "; ".join(ticked) or ((question.none_of_these or "None") if answered else "")


def _write_cases(book: WorkbookWriter, reading: AuditSnapshot) -> None:
    """The case grid: cases down, agencies across, in each cell how the request stands."""
    agencies = {id_: place for place, id_ in enumerate(_agencies_asked(reading))}
    names = tuple(reading.agencies[id_].name for id_ in agencies)
    sheet = book.reserved_sheet("Cases", ("Case", *names), (14, *(18 for _ in names)))
    rows: dict[int, list[CellValue]] = {}
    for each in reading.asked:
        row = rows.setdefault(each.case_id, [None] * len(agencies))
        row[agencies[each.agency_id]] = reading.words[each.request_id]
    for case_id, row in rows.items():
        sheet.add((reading.cases[case_id].pseudonym, *row))
    sheet.end()


def _agencies_asked(reading: AuditSnapshot) -> list[int]:
    asked = {each.agency_id for each in reading.asked}
    return [id_ for id_ in reading.agencies if id_ in asked]


def _write_codebook(book: WorkbookWriter, reading: AuditSnapshot) -> None:
    """Every question with its wording, its lines and its options: what the other sheets are of."""
    sheet = book.reserved_sheet("Codebook", CODE_HEAD, CODE_WIDTHS, wrap=True)
    definition = reading.definition
    for each in definition.questions:
        head: tuple[CellValue, ...] = (
            each.number,
            each.id,
            definition.themes.get(each.theme, each.theme),
            each.kind,
            each.ask,
            each.short or "",
        )
        asked = audience_in_words(definition, each)
        written = False
        for line in each.items:
            sheet.add((*head, line.id, line.label, "yes / no", "", "", asked))
            written = True
        for option in each.answers:
            counts_as = COUNTS_AS.get(option.counts_as or "", "")
            sheet.add((*head, "", "", option.value, option.label, counts_as, asked))
            written = True
        if not written:
            sheet.add((*head, "", "", "", "", "", asked))
        if each.comment:
            sheet.add((*head, COMMENT, each.comment, "", "", "", asked))
    sheet.end()
