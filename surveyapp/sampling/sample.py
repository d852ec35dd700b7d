"""A sample as it stands: who is chosen, who is left out and why, and how it is balanced."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from surveyapp.sampling.balance import Balance, balance_of
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.choosing import METHOD
from surveyapp.sampling.criteria import Criteria
from surveyapp.sampling.figures import PopulationFigures, population_figures
from surveyapp.sampling.models import Sampling

CHOSEN = "Chosen"
NOT_NEEDED = "Meets the rules, not chosen"
SIBLING_CHOSEN = "A brother or sister is chosen"
BY_HAND = "Left out by hand"


@dataclass(frozen=True, slots=True)
class StoredChild:
    """A child of the list with what has been decided; `left_out_reason` is that of a person, or empty."""

    number: int
    listed: ListedChild
    is_chosen: bool = False
    left_out_reason: str = ""
    left_out_by: str = ""
    case_id: int | None = None
    pseudonym: str = ""


@dataclass(frozen=True)
class Sample:
    """The sample of an audit and the whole list, by number."""

    sampling: Sampling
    children: Mapping[int, StoredChild]

    @cached_property
    def criteria(self) -> Criteria:
        """The rules."""
        return Criteria.from_stored(self.sampling.criteria)

    @cached_property
    def eligible(self) -> Mapping[int, StoredChild]:
        """The children who meet the rules and whom nobody has left out by hand."""
        return {
            number: child
            for number, child in self.children.items()
            if not child.left_out_reason and not self.criteria.exclusion(child.listed)
        }

    @cached_property
    def chosen(self) -> tuple[StoredChild, ...]:
        """The children chosen, in the order of their numbers."""
        return tuple(child for _, child in sorted(self.children.items()) if child.is_chosen)

    @cached_property
    def balance(self) -> Balance:
        """The sample beside the eligible children."""
        return balance_of(
            [child.listed for child in self.eligible.values()], [child.listed for child in self.chosen]
        )

    @cached_property
    def figures(self) -> PopulationFigures:
        """The figures of the whole list."""
        listed = [child.listed for child in self.children.values()]
        return population_figures(listed, listed_on=self.sampling.listed_on)

    @cached_property
    def _chosen_groups(self) -> frozenset[str]:
        return frozenset(child.listed.sibling_group for child in self.chosen) - {""}

    def standing(self, child: StoredChild) -> str:
        """Chosen, or the reason why not, in words that are the same for all children with the same reason."""
        if child.is_chosen:
            return CHOSEN
        if child.left_out_reason:
            return BY_HAND
        reason = self.criteria.exclusion(child.listed)
        if reason:
            return reason
        has_sibling = self.criteria.one_of_siblings and child.listed.sibling_group in self._chosen_groups
        return SIBLING_CHOSEN if has_sibling else NOT_NEEDED

    @cached_property
    def standings(self) -> Mapping[str, int]:
        """How many children there are of each standing, most first."""
        counts = Counter(self.standing(child) for child in self.children.values())
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def with_exchange(self, out: int, into: int) -> Balance:
        """The balance if one child made room for another."""
        listed = [child.listed for child in self.chosen if child.number != out]
        eligible = [child.listed for number, child in self.eligible.items() if number != out]
        return balance_of(eligible, [*listed, self.children[into].listed])

    def candidates(self, out: int) -> list[StoredChild]:
        """The eligible children who may take the place of a chosen one."""
        groups = Counter(child.listed.sibling_group for child in self.chosen if child.number != out)
        return [
            child
            for number, child in sorted(self.eligible.items())
            if not child.is_chosen
            and not (
                self.criteria.one_of_siblings
                and child.listed.sibling_group
                and groups[child.listed.sibling_group]
            )
        ]

    @cached_property
    def are_cases(self) -> bool:
        """Whether exactly the children chosen are cases of the audit."""
        return all(child.is_chosen == (child.case_id is not None) for child in self.children.values())

    @property
    def method(self) -> str:
        """How the sample was chosen, in sentences."""
        return METHOD.format(seed=self.sampling.seed)

    @property
    def content(self) -> dict[str, str]:
        """What an executive approves of the sample (stories EX2)."""
        by_hand = [child for _, child in sorted(self.children.items()) if child.left_out_reason]
        return {
            "Rules": "; ".join(self.criteria.in_words()) or "None",
            "Size": str(len(self.chosen)),
            "Chosen": "; ".join(f"No {child.number}: {child.listed.in_words}" for child in self.chosen),
            "Left out by hand": ", ".join(f"No {child.number}" for child in by_hand),
            "Chosen together with": self.sampling.consulted,
        }
