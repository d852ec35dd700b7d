"""The forms of a brief: its blocks, the answers to its checks, its release, and the library of resources."""

import re
from collections.abc import Iterable
from dataclasses import replace

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from surveyapp.brief.brief import BriefText, FoundAndNeeded, LearningTheme
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, posted_number
from surveyapp.foundation.words.clean_text import clean_line

LONGEST_BLOCK, LONGEST_LINE = 4_000, 300
MOST_DISCUSSED = 1_000
# A bullet or number at the start of a pasted line.
_BULLET = re.compile(r"^\s*(?:[-–•*·▪]|\d{1,2}[.)])\s+")


class PointsField(TextAreaField):
    """A field for points, one on each line; empty lines and pasted bullets are dropped."""

    @property
    def points(self) -> tuple[str, ...]:
        """The points, without bullets."""
        lines = (clean_line(_BULLET.sub("", line)) for line in (self.data or "").split("\n"))
        return tuple(line for line in lines if line)

    def show(self, points: Iterable[str]) -> None:
        """Fill the field with points, one on each line."""
        self.data = "\n".join(points)


def _points(label: str) -> PointsField:
    return PointsField(label, validators=[MaxCharacters(LONGEST_BLOCK)])


def _line(label: str, most: int = LONGEST_LINE) -> LineField:
    return LineField(label, validators=[MaxCharacters(most)])


class BriefForm(SurveyForm):
    """The form for the text of a brief; any field may be empty."""

    audited_on = DayField("Day of the audit")
    cohort = _line("Whose records")
    aim = TextAreaField("Aim", validators=[MaxCharacters(1_000)])
    discussed = StringField("How many cases were discussed together")
    shows_splits = BooleanField("Say how many are girls and boys, and how many have which plan")
    worries = _points("What we are worried about")
    good_practice = _points("What good practice we saw")
    theme_1_title = _line("First theme for learning", 120)
    theme_1 = _points("Its points")
    theme_2_title = _line("Second theme for learning", 120)
    theme_2 = _points("Its points")
    pair_1_title = _line("What we found, first", 120)
    pair_1_found = _points("What was seen")
    pair_1_needed = _points("What needs to happen")
    pair_2_title = _line("What we found, second", 120)
    pair_2_found = _points("What was seen")
    pair_2_needed = _points("What needs to happen")
    callouts = _points("Keep in mind")
    question = RadioField("Question to show as a chart", validate_choice=False, default="")
    resources = SelectMultipleField("Tools and reading to show", validate_choice=False)
    seen = HiddenField(default="0")

    def offer(self, questions: Iterable[tuple[str, str]], resources: Iterable[tuple[int, str]]) -> None:
        """Set the choices of questions for the chart and of resources from the library."""
        charts = [("", "No chart"), *questions]
        library = [(str(number), name) for number, name in resources]
        self.question.choices, self.resources.choices = charts, library
        self._offered = {value for value, _ in charts}, {value for value, _ in library}

    def show(self, written: BriefText, resources: Iterable[int], version: int) -> None:
        """Fill the form with the saved text."""
        self.audited_on.data, self.cohort.data, self.aim.data = (
            written.audited_on,
            written.cohort,
            written.aim,
        )
        self.discussed.data = "" if written.discussed is None else str(written.discussed)
        self.shows_splits.data, self.question.data = written.shows_splits, written.question
        self.worries.show(written.worries)
        self.good_practice.show(written.good_practice)
        self.callouts.show(written.callouts)
        for number, theme in enumerate(written.themes, start=1):
            self[f"theme_{number}_title"].data = theme.title
            self[f"theme_{number}"].show(theme.points)
        for number, pair in enumerate(written.pairs, start=1):
            self[f"pair_{number}_title"].data = pair.title
            self[f"pair_{number}_found"].show(pair.found)
            self[f"pair_{number}_needed"].show(pair.needed)
        self.resources.data = [str(resource_id) for resource_id in resources]
        self.seen.data = str(version)

    def validate_discussed(self, field: StringField) -> None:
        """Accept a whole number or nothing."""
        typed = (field.data or "").strip()
        if typed and not (typed.isascii() and typed.isdecimal() and int(typed) <= MOST_DISCUSSED):
            raise ValidationError("Give how many cases were discussed as a whole number, or leave it empty")

    def validate_question(self, field: RadioField) -> None:
        """Accept a question of this audit's form, or none."""
        if (field.data or "") not in self._offered[0]:
            raise ValidationError("Choose a question of this audit’s form, or no chart")

    @property
    def chosen_resources(self) -> list[int]:
        """The ids of the ticked resources, without any that the library does not have."""
        return [int(ticked) for ticked in self.resources.data or () if ticked in self._offered[1]]

    @property
    def gone_resources(self) -> int:
        """How many ticked resources are no longer in the library."""
        ticked = {str(resource_id) for resource_id in self.resources.data or ()}
        return sum(posted_number(resource_id) > 0 for resource_id in ticked - self._offered[1])

    @property
    def version_seen(self) -> int:
        """The version that the page showed; -1 if the field was tampered with."""
        return posted_number(self.seen.data, otherwise=-1)

    def written(self) -> BriefText:
        """The typed text; valid only after validate() returned True."""
        discussed = (self.discussed.data or "").strip()
        written = BriefText(
            audited_on=self.audited_on.data,
            cohort=self.cohort.data or "",
            aim=clean_line(self.aim.data or ""),
            discussed=int(discussed) if discussed else None,
            shows_splits=bool(self.shows_splits.data),
            worries=self.worries.points,
            good_practice=self.good_practice.points,
            callouts=self.callouts.points,
            question=self.question.data or "",
        )
        return replace(written, themes=self._themes(), pairs=self._pairs())

    def _themes(self) -> tuple[LearningTheme, ...]:
        themes = (
            LearningTheme(self[f"theme_{n}_title"].data or "", self[f"theme_{n}"].points) for n in (1, 2)
        )
        return tuple(theme for theme in themes if theme.title or theme.points)

    def _pairs(self) -> tuple[FoundAndNeeded, ...]:
        pairs = (
            FoundAndNeeded(
                self[f"pair_{n}_title"].data or "",
                self[f"pair_{n}_found"].points,
                self[f"pair_{n}_needed"].points,
            )
            for n in (1, 2)
        )
        return tuple(pair for pair in pairs if pair.title or pair.found or pair.needed)
