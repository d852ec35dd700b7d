"""The form of a benchmark: the measure, our own figure, and a table that is pasted or uploaded."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.collating.comparison.benchmark_operations import BenchmarkDetails
from surveyapp.collating.comparison.pasted_rows import (
    RowMistakes,
    may_be_parts_of_one,
    percent_of_part,
    read_percent,
    read_rows,
    to_three_decimals,
)
from surveyapp.collating.models import Benchmark
from surveyapp.foundation.tables.csv_reader import NotCsv, csv_text
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.foundation.words.clean_text import clean_text

LARGEST_FILE = 100_000
_LARGEST_COUNT = 10_000_000


class BenchmarkForm(SurveyForm):
    """Other places' figures and their source, with the partnership's own figure."""

    measure = LineField("What is measured", [RequiredText("Say what is measured"), MaxCharacters(200)])
    period = LineField("Period", [RequiredText("Say for which period"), MaxCharacters(100)])
    source = LineField("Source", [RequiredText("Say where the figures come from"), MaxCharacters(300)])
    own_count = LineField("Your own count (optional)")
    own_of = LineField("Out of (optional)")
    national_average = LineField("National average in per cent (optional)")
    rows = TextAreaField("Places and their per cents")
    file = FileField("Or a CSV file (optional)")
    # Asked only where no figure is above 1.
    figures_are = RadioField("What are these figures?", choices=(), validate_choice=False)
    asks_about_parts = False
    # The rows and the national average as they were read; from validate().
    _read: Sequence[tuple[str, str]] = ()
    _average = ""
    seen = HiddenField()

    def show(self, benchmark: Benchmark) -> None:
        """Fill the fields from the stored benchmark."""
        for name in ("measure", "period", "source", "national_average"):
            self[name].data = getattr(benchmark, name)
        if benchmark.own is not None:
            self.own_count.data, self.own_of.data = str(benchmark.own_count), str(benchmark.own_of)
        self.rows.data = "\n".join(f"{name}\t{figure}" for name, figure in benchmark.pairs)
        # What is stored are per cents.
        self._ask_about_parts(benchmark.pairs)
        self.figures_are.data = "per_cents"

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, both parts of the own figure together, and every row of the table."""
        fields_valid = bool(super().validate(extra_validators))
        return all(
            [
                fields_valid,
                self._check_own(),
                self._check_average(),
                self._check_rows() and self._check_parts_of_one(),
            ]
        )

    def details(self) -> BenchmarkDetails:
        """The benchmark as typed or uploaded; only after validate() has returned True."""
        return BenchmarkDetails(
            measure=self.measure.data or "",
            period=self.period.data or "",
            source=self.source.data or "",
            rows=self._read,
            national_average=self._average,
            own_count=self._own[0],
            own_of=self._own[1],
        )

    def _check_own(self) -> bool:
        typed = [(self[name].data or "").replace(",", "") for name in ("own_count", "own_of")]
        self._own: tuple[int | None, int | None] = (None, None)
        if not any(typed):
            return True
        for name, text in zip(("own_count", "own_of"), typed, strict=True):
            if not re.fullmatch(r"[0-9]{1,8}", text) or int(text) > _LARGEST_COUNT:
                words = "your own count" if name == "own_count" else "what your own count is out of"
                self[name].errors = [f"Give {words} as a whole number, or leave both fields empty"]
        if self.own_count.errors or self.own_of.errors:
            return False
        count, of = (int(text) for text in typed)
        if count > of or not of:
            self.own_count.errors = [f"{count:,} cannot be out of {of:,}: check both numbers"]
            return False
        self._own = (count, of)
        return True

    def _check_average(self) -> bool:
        text = (self.national_average.data or "").strip()
        self._average = read_percent(text) or ""
        if not text or (self._average and Decimal(self._average) <= 100):  # noqa: PLR2004 — per cent
            return True
        self.national_average.errors = ["Give the national average as a per cent, such as 14.9"]
        return False

    def _check_parts_of_one(self) -> bool:
        """Ask what figures of at most 1 mean, and read them and the national average so.

        A spreadsheet keeps 20.4 per cent as 0.204 and may write that into a file.
        """
        self._ask_about_parts(self._read)
        if self.asks_about_parts and self.figures_are.data not in {"parts", "per_cents"}:
            self.figures_are.errors = ["Say what these figures are: all of them are 1 or less"]
            return False
        read = (
            percent_of_part
            if self.figures_are.data == "parts" and self.asks_about_parts
            else to_three_decimals
        )
        self._read = [(name, read(figure)) for name, figure in self._read]
        if self._average:
            is_part = self.asks_about_parts and Decimal(self._average) <= 1
            self._average = (read if is_part else to_three_decimals)(self._average)
        return True

    def _ask_about_parts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Ask whether these figures are parts of one or per cents, if they may be either."""
        self.asks_about_parts = may_be_parts_of_one([figure for _name, figure in rows])
        if self.asks_about_parts:
            example = next(figure for _name, figure in rows if 0 < Decimal(figure) < 1)
            self.figures_are.choices = [
                SelectChoice("parts", f"Parts of one: {example} is {percent_of_part(example)} per cent"),
                SelectChoice("per_cents", f"Per cents: {example} is {to_three_decimals(example)} per cent"),
            ]

    def _check_rows(self) -> bool:
        """Read the uploaded file if there is one, otherwise the pasted text."""
        self.mistakes: list[str] = []
        field = self.rows
        try:
            text = self.rows.data or ""
            if isinstance(self.file.data, FileStorage) and self.file.data.filename:
                field = self.file
                text = clean_text(self._text_of(self.file.data))
                # A browser does not keep a chosen file, so its rows are shown in the text box from now on.
                self.rows.data = text
            self._read = read_rows(text)
            if not self._read:
                self.mistakes = ["Paste at least one place with its per cent, or choose a CSV file"]
        except RowMistakes as error:
            self.mistakes = error.mistakes
        except NotCsv as error:
            self.mistakes = [str(error)]
        if self.mistakes:
            field.errors = self.mistakes[:1]
        return not self.mistakes

    @staticmethod
    def _text_of(file: FileStorage) -> str:
        content = file.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise RowMistakes(["The file is larger than 100 kB: keep the places you compare with"])
        return csv_text(content)
