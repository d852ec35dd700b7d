"""The returns of each kind of agency, and whether they are enough to publish figures (stories 4.9)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveyapp.disclosure.small_rows import SplitRow, has_small_number
from surveyapp.tracking.agency_returns import AgencyReturns

# With a single agency of a kind, readers would know that the figures are that agency's own.
_FEWEST_AGENCIES = 2

# Organisations of these kinds work with so few children that their name may identify the children.
UNNAMED_KINDS = {"gp": "GP practices", "school": "schools", "nursery": "nurseries"}
UNNAMED_KINDS_SINGULAR = {"gp": "GP practice", "school": "school", "nursery": "nursery"}


@dataclass(frozen=True)
class AgenciesOfKind:
    """The agencies of one kind that had requests, and what they returned together."""

    kind: str
    agencies: tuple[AgencyReturns, ...]

    @property
    def requests(self) -> int:
        """The number of requests to these agencies."""
        return sum(agency.requests for agency in self.agencies)

    @property
    def returned(self) -> int:
        """The number of requests returned, including nil returns."""
        return sum(agency.returned for agency in self.agencies)

    @property
    def row(self) -> SplitRow:
        """The row of this kind in a table; readers know the number of agencies, and each had a request."""
        parts = (self.returned, self.requests - self.returned)
        return SplitRow((self.kind,), parts, least=len(self.agencies))

    def may_be_attributed(self, threshold: int) -> bool:
        """Whether a quote from one of these agencies may name their kind."""
        return have_enough_returns(self.agencies, threshold)


def agencies_by_kind(agencies: Iterable[AgencyReturns]) -> dict[str, AgenciesOfKind]:
    """Agencies grouped by kind, in the order given."""
    groups: dict[str, tuple[AgencyReturns, ...]] = {}
    for agency in agencies:
        groups[agency.kind] = (*groups.get(agency.kind, ()), agency)
    return {kind: AgenciesOfKind(kind, group) for kind, group in groups.items()}


def have_enough_returns(agencies: Iterable[AgencyReturns], threshold: int) -> bool:
    """Whether at least two agencies returned answers, in at least `threshold` returns altogether."""
    with_answers = [agency.returned - agency.nil for agency in agencies if agency.returned > agency.nil]
    return len(with_answers) >= _FEWEST_AGENCIES and sum(with_answers) >= threshold


def may_show_figures(
    put_to: Collection[str], *, kinds: Mapping[str, AgenciesOfKind], rows: Sequence[SplitRow], threshold: int
) -> bool:
    """Whether the figures of a question put only to these kinds may be published.

    The kinds must have enough returns (`have_enough_returns`), and nobody may work out a small number from
    the difference between the figures and the table of returns by kind, `rows`: neither by splitting a
    joined row nor by finding a small number of nil returns.
    """
    agencies = [agency for kind in put_to for agency in kinds[kind].agencies]
    single_kinds = {row.names[0] for row in rows if len(row.names) == 1}
    joined_kinds = set(kinds) - single_kinds
    keeps_joined_row = joined_kinds.isdisjoint(put_to) or joined_kinds.issubset(put_to)
    nil = sum(agency.nil for agency in agencies)
    return (
        have_enough_returns(agencies, threshold)
        and keeps_joined_row
        and not has_small_number((nil,), threshold)
    )
