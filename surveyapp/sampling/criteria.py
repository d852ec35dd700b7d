"""The rules by which children of a list may be chosen, and why one leaves a child out (stories B4, B5)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from surveyapp.foundation.words.dates_and_lists import document_day, list_in_words
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.durations import months_in_words

# A plan is of a child or of several kinds; the words of a list may be empty.
_NOT_RECORDED = ""


@dataclass(frozen=True)
class Criteria:
    """The rules of one sample. Empty or None: no such rule.

    `longest_interval` is in months; the days are UK days, both included; `plans` and `categories` are those
    included.
    """

    only_repeat: bool = False
    longest_interval: int | None = None
    began_from: date | None = None
    began_until: date | None = None
    plans: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    one_of_siblings: bool = True

    def stored(self) -> dict[str, Any]:
        """The rules as JSON."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Criteria":
        """The rules from JSON that `stored` made."""
        values = dict(stored)
        for name in ("began_from", "began_until"):
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("plans", "categories"):
            values[name] = tuple(values.get(name) or ())
        return cls(**values)

    def exclusion(self, child: ListedChild) -> str:
        """Why these rules leave a child out, by the first rule that does; empty if none does.

        The rule about siblings is not among them, since it depends on who is chosen.
        """
        return next((reason for reason, holds in self._checks(child) if holds), "")

    def _checks(self, child: ListedChild) -> tuple[tuple[str, bool], ...]:
        longest, began = self.longest_interval, child.began_on
        has_period = bool(self.began_from or self.began_until)
        return (
            ("Not a repeat plan", self.only_repeat and not child.is_repeat),
            ("Time between the plans not known", longest is not None and child.interval is None),
            (
                f"More than {months_in_words(longest or 0)} between the plans",
                longest is not None and (child.interval or 0) > longest,
            ),
            ("Day on which the plan began not known", has_period and began is None),
            (
                "Plan began outside the period",
                bool(
                    began
                    and (
                        (self.began_from and began < self.began_from)
                        or (self.began_until and began > self.began_until)
                    )
                ),
            ),
            ("Plan type not included", bool(self.plans) and child.plan not in self.plans),
            ("Category not included", bool(self.categories) and child.category not in self.categories),
        )

    def in_words(self) -> tuple[str, ...]:
        """Each rule as a line of the report (R2014 2.1.6)."""
        lines = []
        if self.only_repeat:
            lines.append("The plan is a repeat plan")
        if self.longest_interval is not None:
            lines.append(f"An interval of {months_in_words(self.longest_interval)} or less between the plans")
        if self.began_from and self.began_until:
            lines.append(
                f"The plan began from {document_day(self.began_from)} to {document_day(self.began_until)}"
            )
        elif self.began_from or self.began_until:
            when = "on or after" if self.began_from else "on or before"
            lines.append(f"The plan began {when} {document_day(self.began_from or self.began_until)}")  # type: ignore[arg-type]
        if self.plans:
            lines.append(f"Plan type: {list_in_words(self.plans)}")
        if self.categories:
            lines.append(f"Category: {list_in_words(self.categories)}")
        if self.one_of_siblings:
            lines.append("Only one child of each sibling group")
        return tuple(lines)
