"""A count and what it is out of, worded the one way that every page, email and export uses."""

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
        """This share in per cent, as the report prints it (R2014 3.1.1, 3.1.3).

        0 to 100, one decimal, half up, whole when exact: 8 of 70 is 11.4, 66 of 75 is 88.
        None when `of` is 0: nought of nought is no figure, not nought per cent.
        """
        if self.of == 0:
            return None
        exact = HUNDRED * self.count / self.of
        if exact == exact.to_integral_value():
            return exact.quantize(Decimal(1))
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def in_brackets(self) -> str:
        """The per cent as it follows a count, " (85.6%)", or nothing where there is no figure."""
        return "" if self.percent is None else f" ({self.percent}%)"


def counted(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun in the right number: 1 request, 90 requests, 0 requests."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
