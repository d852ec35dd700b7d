"""The states of a request, how many requests are in each, and those counts in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from surveyapp.foundation.words.shares import Share, counted

NOT_SENT, SENT, NOT_DELIVERED, STARTED = "not sent", "sent", "not delivered", "started"
RETURNED, NIL_RETURNED, LATE, WITHDRAWN = "returned", "nil return", "late", "withdrawn"
REQUEST_STATES = (NOT_SENT, SENT, NOT_DELIVERED, STARTED, RETURNED, NIL_RETURNED, LATE, WITHDRAWN)
RETURNED_STATES = frozenset({RETURNED, NIL_RETURNED, LATE})
OUTSTANDING_STATES = frozenset({NOT_SENT, SENT, NOT_DELIVERED, STARTED})

# A state, whether answers are stored, whether the due day has passed, and how many requests match all three.
StateCount = tuple[str, bool, bool, int]


@dataclass(frozen=True)
class Tally:
    """Counts of requests by state; withdrawn requests are counted apart and are not among the requests.

    Nil and late returns are among the returned. Started, undelivered and overdue requests are among the
    outstanding, and one request may be all three.
    """

    returned: int = 0
    nil: int = 0
    late: int = 0
    outstanding: int = 0
    overdue: int = 0
    undelivered: int = 0
    started: int = 0
    withdrawn: int = 0

    @property
    def requests(self) -> int:
        """The denominator of the return rate: every request that was not withdrawn."""
        return self.returned + self.outstanding

    @property
    def share(self) -> Share:
        """The return rate: returns out of requests."""
        return Share(self.returned, self.requests, "requests")

    @property
    def in_words(self) -> str:
        """The return rate in words: 77 of 90 returned (85.6%)."""
        return f"{self.returned:,} of {self.requests:,} returned{self.share.in_brackets}"

    @classmethod
    def kept(cls, counts: Mapping[str, int]) -> "Tally":
        """The tally among the counts that were kept when an audit’s answers were removed for good."""
        return cls(**{each.name: counts.get(each.name, 0) for each in fields(cls)})

    @classmethod
    def of(cls, state_counts: Iterable[StateCount]) -> "Tally":
        """Add up counts of requests by state."""
        by_state = dict.fromkeys(REQUEST_STATES, 0)
        started = overdue = 0
        for state, has_draft, is_overdue, count in state_counts:
            by_state[state] += count
            started += count if has_draft and state in OUTSTANDING_STATES else 0
            overdue += count if is_overdue and state in OUTSTANDING_STATES else 0
        return cls(
            returned=sum(by_state[state] for state in RETURNED_STATES),
            nil=by_state[NIL_RETURNED],
            late=by_state[LATE],
            outstanding=sum(by_state[state] for state in OUTSTANDING_STATES),
            overdue=overdue,
            undelivered=by_state[NOT_DELIVERED],
            started=started,
            withdrawn=by_state[WITHDRAWN],
        )


def returned_of(tally: Tally) -> str:
    """The return rate of a row or column of the grid: 4 of 5."""
    return f"{tally.returned:,} of {tally.requests:,}"


def outstanding_in_words(tally: Tally) -> list[str]:
    """The phrases under the return rate: how many are outstanding, then those counts that are not 0."""
    phrases = [f"{tally.outstanding:,} outstanding" if tally.outstanding else "Nothing is outstanding"]
    for count, word in (
        (tally.started, "started"),
        (tally.undelivered, "not delivered"),
        (tally.overdue, "overdue"),
    ):
        if count:
            phrases.append(f"{count:,} {word}")
    return phrases


def returned_in_words(tally: Tally) -> str:
    """Sentences on nil, late and withdrawn requests; empty when there are none."""
    sentences = []
    kinds = [
        counted(count, kind)
        for count, kind in ((tally.nil, "nil return"), (tally.late, "late return"))
        if count
    ]
    if kinds:
        sentences.append(f"Of the returned, {' and '.join(kinds)}.")
    if tally.withdrawn:
        sentences.append(f"{counted(tally.withdrawn, 'request')} withdrawn and not counted.")
    return " ".join(sentences)
