"""Charts of a spreadsheet's own: bars that read in grey and aloud, beside the numbers they are of."""

from dataclasses import dataclass
from typing import Any

from surveyapp.exports.workbook.sheet_writer import SheetWriter, WorkbookWriter, split_text

# From dark to light, told apart in grey; the words beside each are its opposite.
FILLS = ("#12436D", "#8EB5D6", "#505A5F", "#D2D7DA", "#28A197", "#F1E2C2", "#801650", "#F6C8A8")
_LIGHT = frozenset({"#8EB5D6", "#D2D7DA", "#F1E2C2", "#F6C8A8"})
WIDE = 640
ROW_HIGH = 20
_FRAME_PIXELS, _BAR_PIXELS, _LEGEND_ROW_PIXELS = 110, 34, 20


@dataclass(frozen=True)
class Series:
    """One answer in a chart: the rows that hold its counts, from 0, and each count as it is quoted."""

    name: str
    first: int
    last: int
    counts: tuple[int, ...]
    quoted: tuple[str, ...]


@dataclass(frozen=True)
class BarChart:
    """What a chart shows: a bar for each label, of one part for each series.

    `is_whole` when the parts of a bar add up to everything; otherwise the answers stand as bars of their own.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    label_column: int
    name_column: int
    count_column: int
    is_whole: bool

    @property
    def description(self) -> str:
        """The chart in words, for those who cannot see it."""
        bars = []
        for number, label in enumerate(self.labels):
            said = ", ".join(f"{each.name} {each.quoted[number]}" for each in self.series)
            bars.append(f"{label}: {said}." if len(self.labels) > 1 else f"{said}.")
        return f"Bar chart. {self.title}. {' '.join(bars)}"

    @property
    def height(self) -> int:
        """How many pixels high it is."""
        bars = len(self.labels) if self.is_whole else len(self.series)
        return (
            _FRAME_PIXELS
            + _BAR_PIXELS * bars
            + _LEGEND_ROW_PIXELS * (len(self.series) if self.is_whole else 0)
        )


def insert_chart(book: WorkbookWriter, sheet: SheetWriter, bars: BarChart, *, row: int, column: int) -> int:
    """Put a chart beside its numbers, with its words for a screen reader; say which row is free below it."""
    stacked = {"type": "bar", "subtype": "percent_stacked"} if bars.is_whole else {"type": "bar"}
    chart = book.workbook.add_chart(stacked)
    if bars.is_whole:
        for number, each in enumerate(bars.series):
            chart.add_series(_stacked(sheet.name, bars, each, FILLS[number % len(FILLS)]))
    else:
        chart.add_series(_single(sheet.name, bars))
    chart.set_title({"name": split_text(bars.title, 255)[0], "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"} if bars.is_whole else {"none": True})
    chart.set_x_axis({"num_format": "0%" if bars.is_whole else "0", "major_gridlines": {"visible": False}})
    # Bars read from the top, as the rows beside them do.
    chart.set_y_axis({"reverse": True, "visible": len(bars.labels) > 1 or not bars.is_whole})
    chart.set_size({"width": WIDE, "height": bars.height})
    sheet.worksheet.insert_chart(row, column, chart, {"description": bars.description, "object_position": 2})
    return row + -(-bars.height // ROW_HIGH) + 1


def _stacked(sheet: str, bars: BarChart, series: Series, fill: str) -> dict[str, Any]:
    where = (series.first, series.last)
    return {
        "name": [sheet, series.first, bars.name_column],
        "name_data": [series.name],
        "categories": [sheet, where[0], bars.label_column, where[1], bars.label_column],
        "values": [sheet, where[0], bars.count_column, where[1], bars.count_column],
        # Programs that only preview a file draw from these.
        "categories_data": list(bars.labels),
        "values_data": list(series.counts),
        "fill": {"color": fill},
        "border": {"color": "#FFFFFF", "width": 1},
        "gap": 60,
        "data_labels": {
            "value": True,
            # A nought has no room to stand in.
            "num_format": "#,##0;;",
            "font": {"color": "#0B0C0C" if fill in _LIGHT else "#FFFFFF", "bold": True},
        },
    }


def _single(sheet: str, bars: BarChart) -> dict[str, Any]:
    first, last = bars.series[0].first, bars.series[-1].last
    return {
        "name": "Returns",
        "categories": [sheet, first, bars.name_column, last, bars.name_column],
        "values": [sheet, first, bars.count_column, last, bars.count_column],
        "categories_data": [each.name for each in bars.series],
        "values_data": [each.counts[0] for each in bars.series],
        "fill": {"color": FILLS[0]},
        "gap": 40,
        "data_labels": {"value": True},
    }
