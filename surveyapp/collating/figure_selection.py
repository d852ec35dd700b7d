"""The filters and the denominator rule of a page, read from its URL."""

from dataclasses import dataclass

from flask import request

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.foundation.words.clean_text import clean_text


@dataclass(frozen=True)
class FigureSelection:
    """The filters and the denominator rule of a page; they are in its URL, so that it can be shared."""

    filters: Filters
    rule: DenominatorRule

    @classmethod
    def from_request(cls) -> "FigureSelection":
        """Read the selection from the query string of this request."""

        def cleaned(name: str) -> list[str]:
            return [clean_text(text) for text in request.args.getlist(name)]

        rule = DenominatorRule(
            not_applicable=request.args.get("na") != "0", dont_know=request.args.get("dk") != "0"
        )
        return cls(Filters.from_address(cleaned), rule)

    @property
    def in_address(self) -> dict[str, list[str]]:
        """The selection as query string parameters."""
        switches = {
            name: ["0"]
            for name, counted in (("na", self.rule.not_applicable), ("dk", self.rule.dont_know))
            if not counted
        }
        return self.filters.in_address() | switches

    def other(self, switch: str) -> dict[str, list[str]]:
        """The query string parameters with one switch, "na" or "dk", the other way."""
        parameters = self.in_address
        other_parameters = {name: values for name, values in parameters.items() if name != switch}
        return other_parameters if switch in parameters else other_parameters | {switch: ["0"]}
