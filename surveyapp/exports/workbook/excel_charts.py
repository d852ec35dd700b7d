"""Native Excel bar charts beside the figures they draw, legible in grey and described in words."""

from dataclasses import dataclass
from typing import Any

from surveyapp.foundation.documents.sheet_writer import SheetWriter, WorkbookWriter
from surveyapp.foundation.documents.text_limits import split_text

# Neighbouring fills differ when printed in grey.
FILLS = ("#12436D", "#8EB5D6", "#505A5F", "#D2D7DA", "#28A197", "#F1E2C2", "#801650", "#F6C8A8")
_LIGHT = frozenset({"#8EB5D6", "#D2D7DA", "#F1E2C2", "#F6C8A8"})
# In pixels.
CHART_WIDTH = 640
ROW_HEIGHT = 20
_FRAME_PIXELS, _BAR_PIXELS, _LEGEND_ROW_PIXELS = 110, 34, 20


@dataclass(frozen=True)
class Series:
    """One answer in a chart: the first and last row of its counts, from 0, its counts, and their words."""

    name: str
    first: int
    last: int
    counts: tuple[int, ...]
    quoted: tuple[str, ...]


@dataclass(frozen=True)
class BarChart:
    """A chart: a bar for each label, with a segment for each series.

    With `is_whole` the segments of a bar add up to 100%; without it each answer has a bar of its own.
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
        """Alternative text: the chart in words."""
        bars = []
        for number, label in enumerate(self.labels):
            answers = ", ".join(f"{series.name} {series.quoted[number]}" for series in self.series)
            bars.append(f"{label}: {answers}." if len(self.labels) > 1 else f"{answers}.")
        return f"Bar chart. {self.title}. {' '.join(bars)}"

    @property
    def height(self) -> int:
        """The height of the chart in pixels."""
        bars = len(self.labels) if self.is_whole else len(self.series)
        return (
            _FRAME_PIXELS
            + _BAR_PIXELS * bars
            + _LEGEND_ROW_PIXELS * (len(self.series) if self.is_whole else 0)
        )


def insert_chart(book: WorkbookWriter, sheet: SheetWriter, bars: BarChart, *, row: int, column: int) -> int:
    """Insert a chart with its alternative text, and give the first free row below it."""
    stacked = {"type": "bar", "subtype": "percent_stacked"} if bars.is_whole else {"type": "bar"}
    chart = book.workbook.add_chart(stacked)
    if bars.is_whole:
        for number, series in enumerate(bars.series):
            chart.add_series(_stacked(sheet.name, bars, series, FILLS[number % len(FILLS)]))
    else:
        chart.add_series(_single(sheet.name, bars))
    chart.set_title({"name": split_text(bars.title, 255)[0], "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"} if bars.is_whole else {"none": True})
    chart.set_x_axis({"num_format": "0%" if bars.is_whole else "0", "major_gridlines": {"visible": False}})
    # The first bar is at the top, like the first row beside it.
    chart.set_y_axis({"reverse": True, "visible": len(bars.labels) > 1 or not bars.is_whole})
    chart.set_size({"width": CHART_WIDTH, "height": bars.height})
    sheet.worksheet.insert_chart(row, column, chart, {"description": bars.description, "object_position": 2})
    return row + -(-bars.height // ROW_HEIGHT) + 1


def _stacked(sheet: str, bars: BarChart, series: Series, fill: str) -> dict[str, Any]:
    """Settings of one series of a stacked chart."""
    rows = (series.first, series.last)
    return {
        "name": [sheet, series.first, bars.name_column],
        "name_data": [series.name],
        "categories": [sheet, rows[0], bars.label_column, rows[1], bars.label_column],
        "values": [sheet, rows[0], bars.count_column, rows[1], bars.count_column],
        # Previews draw from these copies of the cells.
        "categories_data": list(bars.labels),
        "values_data": list(series.counts),
        "fill": {"color": fill},
        "border": {"color": "#FFFFFF", "width": 1},
        "gap": 60,
        "data_labels": {
            "value": True,
            # A segment of 0 has no room for a label.
            "num_format": "#,##0;;",
            "font": {"color": "#0B0C0C" if fill in _LIGHT else "#FFFFFF", "bold": True},
        },
    }


def _single(sheet: str, bars: BarChart) -> dict[str, Any]:
    """Settings of the only series of a chart with a bar for each answer."""
    first, last = bars.series[0].first, bars.series[-1].last
    return {
        "name": "Returns",
        "categories": [sheet, first, bars.name_column, last, bars.name_column],
        "values": [sheet, first, bars.count_column, last, bars.count_column],
        "categories_data": [series.name for series in bars.series],
        "values_data": [series.counts[0] for series in bars.series],
        "fill": {"color": FILLS[0]},
        "gap": 40,
        "data_labels": {"value": True},
    }
