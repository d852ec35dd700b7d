"""One card for each contact with something outstanding: what they owe, how to reach them, what was said."""

from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.calling.models import Call, Promise
from surveyapp.issuing.models import Grant

# A card of a hundred cases would hide the other people; the downloads list them all.
CASES_ON_A_CARD = 12


@dataclass(frozen=True)
class OwedRequest:
    """One outstanding request on a card: its state in words, and the UK day on which it is due."""

    request_id: int
    case: str
    word: str
    has_draft: bool
    due_on: date | None
    # The contact who passed it to this one; empty where nobody did.
    passed_by: str
    # Whether staff keyed in the draft.
    is_keyed: bool = False

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed on the UK day `today`."""
        return self.due_on is not None and today > self.due_on


@dataclass(frozen=True)
class LastEmail:
    """The last email with a contact's link: its kind and state in words, and when that was."""

    kind: str
    state: str
    at: datetime


@dataclass(frozen=True)
class AutomaticReply:
    """The latest automatic reply to an email with a contact’s link, such as that they are on leave."""

    said: str
    at: datetime


@dataclass(frozen=True)
class OutstandingCard:
    """One contact with something outstanding, the latest call first."""

    grant: Grant
    owed: tuple[OwedRequest, ...]
    calls: tuple[Call, ...]
    promise: Promise | None
    last_email: LastEmail | None
    # How many chasers were sent, and the UK day of the last.
    chased: int
    last_chased_on: date | None
    automatic_reply: AutomaticReply | None = None

    @property
    def shown(self) -> tuple[OwedRequest, ...]:
        """The first of what they owe, as many as a card shows."""
        return self.owed[:CASES_ON_A_CARD]

    @property
    def more(self) -> int:
        """How many of what they owe a card leaves out."""
        return len(self.owed) - len(self.shown)

    def promise_has_passed(self, today: date) -> bool:
        """Whether the day that they promised has passed on the UK day `today`."""
        return self.promise is not None and not self.promise.pauses(today)


@dataclass(frozen=True)
class CardPage:
    """One page of cards, out of `people` that match the filter; `page` is from 1 to `pages`."""

    cards: tuple[OutstandingCard, ...]
    people: int
    page: int
    pages: int
