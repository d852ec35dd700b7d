"""A sheet for each theme: every figure with what it is out of, and a native chart for each question."""

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
from surveyapp.exports.workbook.sheet_writer import CellValue, SheetWriter, WorkbookWriter
from surveyapp.foundation.words.shares import Share

HEAD = ("Number", "Question", "Line", "Answer", "Count", "Of", "Per cent", "Unit", "Rule")
WIDTHS = (9, 44, 40, 36, 8, 8, 10, 10, 48)
CHART_COLUMN = len(HEAD) + 1
# Per cent: so the figures fit across one page of paper, and their rule with the charts across the next.
PRINT_SCALE = 60
NOT_ANSWERED, NOT_ASKED, COMMENTED, ANSWERED = "Not answered", "Not asked", "With a comment", "Answered"


def write_themes(book: WorkbookWriter, collation: Collation) -> dict[str, str]:
    """Write the sheets, in the report's order of themes; say which sheet is of which."""
    written = {}
    for _theme, heading, questions in collation.themes:
        sheet = book.sheet(heading, HEAD, WIDTHS, wrap=True)
        sheet.worksheet.set_print_scale(PRINT_SCALE)
        sheet.worksheet.set_v_pagebreaks([HEAD.index("Rule")])
        # A chart may be taller than the rows it is of, so charts keep their own place below one another.
        free = 1
        for figures in questions:
            begun = sheet.row
            bars = _write_question(sheet, figures, collation.rule, collation.returns)
            if bars is not None:
                free = insert_chart(book, sheet, bars, row=max(begun, free), column=CHART_COLUMN)
            sheet.row += 1
        sheet.end()
        written[sheet.name] = heading
    return written


@dataclass(frozen=True)
class _Line:
    """One line of the sheet: an answer to a question, or to a line of its checklist."""

    part: PartFigures
    row: OptionFigures


def _lines(figures: QuestionFigures) -> Iterator[list[_Line]]:
    """The answers, each for all lines at once: so that a chart's numbers stand below one another."""
    parts = figures.parts
    for rows in zip(*(part.rows for part in parts), strict=True):
        yield [_Line(part, row) for part, row in zip(parts, rows, strict=True)]


def _write_question(
    sheet: SheetWriter, figures: QuestionFigures, rule: DenominatorRule, returns: int
) -> BarChart | None:
    number, name = figures.question.number, figures.label
    series: list[Series] = []
    for lines in _lines(figures):
        first = sheet.row
        for line in lines:
            words = line.part.label if figures.lines else ""
            sheet.add((number, name, words, line.row.label, *_share(line.row, rule)))
        if lines[0].row.share is not None:
            quoted = tuple(each.row.quoted for each in lines)
            counts = tuple(each.row.count for each in lines)
            series.append(Series(lines[0].row.label, first, sheet.row - 1, counts, quoted))
    if not figures.rows and not figures.lines:
        sheet.add((number, name, "", ANSWERED, *_count_cells(figures.answered, figures.asked)))
    for part in figures.lines or (figures,):
        words = part.label if figures.lines else ""
        sheet.add((number, name, words, NOT_ANSWERED, *_count_cells(part.not_answered, part.asked)))
    sheet.add((number, name, "", NOT_ASKED, *_count_cells(figures.not_asked, returns)))
    if figures.question.comment:
        sheet.add((number, name, "", COMMENTED, *_count_cells(figures.commented, figures.asked)))
    labels = tuple(part.label for part in figures.parts)
    if not any(sum(each.counts) for each in series):
        return None
    return BarChart(
        title=f"{number}. {name}",
        labels=labels,
        series=tuple(series),
        label_column=HEAD.index("Line" if figures.lines else "Question"),
        name_column=HEAD.index("Answer"),
        count_column=HEAD.index("Count"),
        # Of several answers together the shares do not add up to a whole.
        is_whole=figures.question.kind != "choices",
    )


def _share(row: OptionFigures, rule: DenominatorRule) -> tuple[CellValue, ...]:
    if row.share is None:
        return row.count, None, None, "returns", f"Left out of the figures: {rule.words}"
    return row.count, row.share.of, _percent(row.share.percent), row.share.unit, rule.words


def _count_cells(count: int, of: int) -> tuple[CellValue, ...]:
    return count, of, _percent(Share(count, of).percent), "returns", ""


def _percent(percent: Decimal | None) -> CellValue:
    """Per cent as the report prints it; nothing where there is nothing to be a share of."""
    return None if percent is None else float(percent)
