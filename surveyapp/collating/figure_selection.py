"""What a page of figures looks at, as its address says it."""

from dataclasses import dataclass

from flask import request

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.foundation.words.clean_text import clean_text


@dataclass(frozen=True)
class FigureSelection:
    """Which returns are looked at and by which rule; it all stands in the address, so that it can be sent."""

    filters: Filters
    rule: DenominatorRule

    @classmethod
    def from_request(cls) -> "FigureSelection":
        """The view that this request's address names."""

        def said(name: str) -> list[str]:
            return [clean_text(each) for each in request.args.getlist(name)]

        rule = DenominatorRule(
            not_applicable=request.args.get("na") != "0", dont_know=request.args.get("dk") != "0"
        )
        return cls(Filters.from_address(said), rule)

    @property
    def in_address(self) -> dict[str, list[str]]:
        """This view as the parameters of an address."""
        switches = {
            name: ["0"]
            for name, counted in (("na", self.rule.not_applicable), ("dk", self.rule.dont_know))
            if not counted
        }
        return self.filters.in_address() | switches

    def other(self, switch: str) -> dict[str, list[str]]:
        """The address of this view with one switch, "na" or "dk", the other way."""
        found = self.in_address
        return {name: said for name, said in found.items() if name != switch} | (
            {} if switch in found else {switch: ["0"]}
        )
