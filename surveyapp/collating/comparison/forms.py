"""The form of a benchmark: what is measured, our own figure, and a table pasted or uploaded."""

import re
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, TextAreaField

from surveyapp.collating.comparison.benchmarks import RowMistakes, read_rows
from surveyapp.collating.models import Benchmark
from surveyapp.collating.operations import BenchmarkDetails
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.foundation.words.clean_text import clean_text

LARGEST_FILE = 100_000
_LARGEST_COUNT = 10_000_000


class BenchmarkForm(SurveyForm):
    """Other places' figures, with where they come from."""

    measure = LineField("What is measured", [RequiredText("Say what is measured"), MaxCharacters(200)])
    period = LineField("Period", [RequiredText("Say for which period"), MaxCharacters(100)])
    source = LineField("Source", [RequiredText("Say where the figures come from"), MaxCharacters(300)])
    own_count = LineField("Your own count (optional)")
    own_of = LineField("Out of (optional)")
    national_average = LineField("National average in per cent (optional)")
    rows = TextAreaField("Places and their per cents")
    file = FileField("Or a CSV file (optional)")
    seen = HiddenField()

    def show(self, benchmark: Benchmark) -> None:
        """Fill the fields with what is stored."""
        for name in ("measure", "period", "source", "national_average"):
            self[name].data = getattr(benchmark, name)
        if benchmark.own is not None:
            self.own_count.data, self.own_of.data = str(benchmark.own_count), str(benchmark.own_of)
        self.rows.data = "\n".join(f"{name}\t{figure}" for name, figure in benchmark.pairs)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, the own figure as a whole, and every row of the table."""
        fine = bool(super().validate(extra_validators))
        return all([fine, self._check_own(), self._check_average(), self._check_rows()])

    def details(self) -> BenchmarkDetails:
        """What was typed or uploaded; only after validate() was True."""
        return BenchmarkDetails(
            measure=self.measure.data or "",
            period=self.period.data or "",
            source=self.source.data or "",
            rows=self._read,
            national_average=(self.national_average.data or "").rstrip("% "),
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
        text = (self.national_average.data or "").rstrip("% ")
        if not text or (re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) and Decimal(text) <= 100):  # noqa: PLR2004 — per cent
            return True
        self.national_average.errors = ["Give the national average as a per cent, such as 14.9"]
        return False

    def _check_rows(self) -> bool:
        """Read the uploaded file where there is one, else what was pasted."""
        self._read: list[tuple[str, str]] = []
        self.mistakes: list[str] = []
        field = self.rows
        try:
            text = self.rows.data or ""
            if isinstance(self.file.data, FileStorage) and self.file.data.filename:
                field = self.file
                text = clean_text(self._text_of(self.file.data))
            self._read = read_rows(text)
            if not self._read:
                self.mistakes = ["Paste at least one place with its per cent, or choose a CSV file"]
        except RowMistakes as error:
            self.mistakes = error.mistakes
        if self.mistakes:
            field.errors = self.mistakes[:1]
        return not self.mistakes

    @staticmethod
    def _text_of(file: FileStorage) -> str:
        content = file.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise RowMistakes(["The file is larger than 100 kB: keep the places you compare with"])
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise RowMistakes(["The file is not UTF-8 text: save it as “CSV UTF-8”"]) from None
