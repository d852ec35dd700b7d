"""The type of the options of commands that take a day."""

from datetime import date

import click

from surveyapp.foundation.words.typed_dates import NotADate, read_date


class DayType(click.ParamType):  # type: ignore[type-arg]  # older releases of Click have no generic one
    """A day, written as 2027-01-22 or as 22 January 2027."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day; the command fails, in a sentence, where it is none."""
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value))
        except NotADate as error:
            self.fail(f"“{value}”: {error}", param, ctx)


DAY_TYPE = DayType()
