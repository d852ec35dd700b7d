"""What came back of each kind of agency, and where that is too little for the public (stories 4.9)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveyapp.disclosure.small_rows import SplitRow, has_small_number
from surveyapp.tracking.agency_returns import AgencyReturns

# Of one agency alone, a figure is that agency's.
_FEWEST = 2


@dataclass(frozen=True)
class AgenciesOfKind:
    """The agencies of one kind that were asked, and what they returned together."""

    kind: str
    agencies: tuple[AgencyReturns, ...]

    @property
    def requests(self) -> int:
        """How many requests they had."""
        return sum(each.requests for each in self.agencies)

    @property
    def returned(self) -> int:
        """How many of them came back, nil returns among them."""
        return sum(each.returned for each in self.agencies)

    @property
    def cell(self) -> SplitRow:
        """Their row of a table; a reader knows how many agencies there are, and each had a request."""
        parts = (self.returned, self.requests - self.returned)
        return SplitRow((self.kind,), parts, least=len(self.agencies))

    def may_be_attributed(self, threshold: int) -> bool:
        """Whether words of one of them may be told as of this kind."""
        return have_enough_returns(self.agencies, threshold)


def agencies_by_kind(agencies: Iterable[AgencyReturns]) -> dict[str, AgenciesOfKind]:
    """Agencies by their kind, in the order in which they come."""
    found: dict[str, tuple[AgencyReturns, ...]] = {}
    for each in agencies:
        found[each.kind] = (*found.get(each.kind, ()), each)
    return {kind: AgenciesOfKind(kind, of_it) for kind, of_it in found.items()}


def have_enough_returns(agencies: Iterable[AgencyReturns], threshold: int) -> bool:
    """Whether two agencies or more returned answers, and together not fewer than the threshold."""
    answered = [each.returned - each.nil for each in agencies if each.returned > each.nil]
    return len(answered) >= _FEWEST and sum(answered) >= threshold


def may_show_figures(
    put_to: Collection[str], *, kinds: Mapping[str, AgenciesOfKind], rows: Sequence[SplitRow], threshold: int
) -> bool:
    """Whether a question that only these kinds were asked may be told with its figures.

    They are many, and how many returns they gave adds nothing to the rows by kind: it would take a joined row
    apart, or give away a small number of nil returns.
    """
    asked = [each for kind in put_to for each in kinds[kind].agencies]
    alone = {each.names[0] for each in rows if len(each.names) == 1}
    joined = set(kinds) - alone
    keeps_together = joined.isdisjoint(put_to) or joined.issubset(put_to)
    nil = sum(each.nil for each in asked)
    return (
        have_enough_returns(asked, threshold) and keeps_together and not has_small_number((nil,), threshold)
    )


# An organisation of these kinds knows so few children that its name may tell whose brief it is.
UNNAMED_KINDS = {"gp": "GP practices", "school": "schools", "nursery": "nurseries"}


UNNAMED_KINDS_SINGULAR = {"gp": "GP practice", "school": "school", "nursery": "nursery"}
