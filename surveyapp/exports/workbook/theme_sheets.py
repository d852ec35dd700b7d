"""The sheets of the themes: every figure with its denominator, and a chart for each question."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from surveyapp.collating.figures import (
    Collation,
    DenominatorRule,
    OptionFigures,
    PartFigures,
    QuestionFigures,
)
from surveyapp.exports.workbook.excel_charts import BarChart, Series, insert_chart
from surveyapp.foundation.documents.sheet_writer import CellValue, SheetWriter, WorkbookWriter
from surveyapp.foundation.words.shares import Share

THEME_HEAD = ("Number", "Question", "Line", "Answer", "Count", "Of", "Per cent", "Unit", "Rule")
WIDTHS = (9, 44, 40, 36, 8, 8, 10, 10, 48)
CHART_COLUMN = len(THEME_HEAD) + 1
# In per cent: the figures then fit across one page, and the rule and the charts across the next.
PRINT_SCALE = 60
NOT_ANSWERED, NOT_ASKED, COMMENTED, ANSWERED = "Not answered", "Not asked", "With a comment", "Answered"


def write_themes(book: WorkbookWriter, collation: Collation) -> dict[str, str]:
    """Write a sheet for each theme, and give the headings of the themes by the names of their sheets."""
    headings = {}
    for _theme, heading, questions in collation.themes:
        sheet = book.sheet(heading, THEME_HEAD, WIDTHS, wrap=True)
        sheet.worksheet.set_print_scale(PRINT_SCALE)
        sheet.worksheet.set_v_pagebreaks([THEME_HEAD.index("Rule")])
        # A chart may be taller than the rows of its question, so it begins below the one before it.
        free_row = 1
        for figures in questions:
            first_row = sheet.row
            bars = _write_question(sheet, figures, collation.rule, collation.returns)
            if bars is not None:
                free_row = insert_chart(book, sheet, bars, row=max(first_row, free_row), column=CHART_COLUMN)
            sheet.row += 1
        sheet.end()
        headings[sheet.name] = heading
    return headings


@dataclass(frozen=True)
class _Line:
    """One row of the sheet: an answer to a question or to a line of its checklist."""

    part: PartFigures
    row: OptionFigures


def _lines(figures: QuestionFigures) -> Iterator[list[_Line]]:
    """The rows by answer, each for all lines of a checklist, so that a series is a block of cells."""
    parts = figures.parts
    for rows in zip(*(part.rows for part in parts), strict=True):
        yield [_Line(part, row) for part, row in zip(parts, rows, strict=True)]


def _write_question(
    sheet: SheetWriter, figures: QuestionFigures, rule: DenominatorRule, returns: int
) -> BarChart | None:
    """Write the figures of a question, and give its chart if any answer was given."""
    number, name = figures.question.number, figures.label
    series: list[Series] = []
    for lines in _lines(figures):
        first = sheet.row
        for line in lines:
            line_name = line.part.label if figures.lines else ""
            sheet.add((number, name, line_name, line.row.label, *_share_cells(line.row, rule)))
        if lines[0].row.share is not None:
            quoted = tuple(line.row.quoted for line in lines)
            counts = tuple(line.row.count for line in lines)
            series.append(Series(lines[0].row.label, first, sheet.row - 1, counts, quoted))
    if not figures.rows and not figures.lines:
        sheet.add((number, name, "", ANSWERED, *_count_cells(figures.answered, figures.asked)))
    for part in figures.lines or (figures,):
        line_name = part.label if figures.lines else ""
        sheet.add((number, name, line_name, NOT_ANSWERED, *_count_cells(part.not_answered, part.asked)))
    sheet.add((number, name, "", NOT_ASKED, *_count_cells(figures.not_asked, returns)))
    if figures.question.comment:
        sheet.add((number, name, "", COMMENTED, *_count_cells(figures.commented, figures.asked)))
    labels = tuple(part.label for part in figures.parts)
    if not any(sum(answer.counts) for answer in series):
        return None
    return BarChart(
        title=f"{number}. {name}",
        labels=labels,
        series=tuple(series),
        label_column=THEME_HEAD.index("Line" if figures.lines else "Question"),
        name_column=THEME_HEAD.index("Answer"),
        count_column=THEME_HEAD.index("Count"),
        # Shares do not add up to 100% where a return may give several answers.
        is_whole=figures.question.kind != "choices",
    )


def _share_cells(row: OptionFigures, rule: DenominatorRule) -> tuple[CellValue, ...]:
    """The cells of an answer: count, denominator, per cent, unit and rule."""
    if row.share is None:
        return row.count, None, None, "returns", f"Left out of the figures: {rule.words}"
    return row.count, row.share.of, _percent(row.share.percent), row.share.unit, rule.words


def _count_cells(count: int, total: int) -> tuple[CellValue, ...]:
    """The cells of a count of returns to which no denominator rule applies."""
    return count, total, _percent(Share(count, total).percent), "returns", ""


def _percent(percent: Decimal | None) -> CellValue:
    """Per cent as the report prints it; None if the denominator is 0."""
    return None if percent is None else float(percent)
