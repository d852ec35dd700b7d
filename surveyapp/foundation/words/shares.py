"""A share: a count out of a total, worded the same on every page and in every email and export."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Share:
    """`count` out of `of`, both whole numbers from 0 up; `unit` is "returns", "cases" or "requests"."""

    count: int
    of: int
    unit: str = "returns"

    @property
    def percent(self) -> Decimal | None:
        """The percentage, as the report prints it (R2014 3.1.1, 3.1.3).

        0 to 100 with one decimal, rounded half up, and whole when exact: 8 of 70 is 11.4, 66 of 75 is 88.
        None when `of` is 0, since 0 of 0 is not 0 per cent.
        """
        if self.of == 0:
            return None
        exact = HUNDRED * self.count / self.of
        if exact == exact.to_integral_value():
            return exact.quantize(Decimal(1))
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def in_brackets(self) -> str:
        """The percentage as it follows a count, " (85.6%)"; empty when there is none."""
        return "" if self.percent is None else f" ({self.percent}%)"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun in the singular or plural: 1 request, 90 requests, 0 requests."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
