"""Returns that staff keyed in for a contact, who gave the answers by telephone or on paper (stories BM16)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import RECEIVED_BY, Return, Revision
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import Grant

ReceivedBy = Literal["telephone", "paper"]


@dataclass(frozen=True)
class KeyedBy:
    """The member of staff who keys answers in, by the name events keep, and how the answers reached them."""

    name: str
    received_by: ReceivedBy


@dataclass(frozen=True)
class KeyedIn:
    """Whoever keyed in the answers of a revision, on whose behalf, how they came, and when (UTC)."""

    by: str
    contact: str
    received_by: str
    at: datetime

    @property
    def in_words(self) -> str:
        """Keyed in by Ann Lee on behalf of Sgt Bell, by telephone, on Thursday 3 December 2026."""
        how, day = RECEIVED_BY[self.received_by], day_in_words(local_day(self.at))
        return f"Keyed in by {self.by} on behalf of {self.contact}, {how}, on {day}"


def keyed_in(audit_return: Return | None) -> KeyedIn | None:
    """Who keyed in what a return holds now, its draft if it is not returned; None if the contact sent it."""
    if audit_return is None:
        return None
    return keyed_in_by_return([audit_return.id]).get(audit_return.id)


def keyed_in_by_return(return_ids: Collection[int]) -> dict[int, KeyedIn]:
    """Those of these returns whose current answers were keyed in, by the id of the return."""
    rows = session.execute(_KEYED_IN, {"return_ids": list(return_ids)})
    return {row[0]: KeyedIn(*row[1:]) for row in rows}


def was_keyed_in() -> ColumnElement[bool]:
    """SQL condition: staff keyed a revision in."""
    return Revision.received_by != ""


_KEYED_IN = (
    select(Return.id, Revision.keyed_by, Contact.name, Revision.received_by, Revision.created_at)
    .join(Revision, Revision.id == Return.current_revision_id)
    .join(Grant, Grant.id == Revision.grant_id)
    .join(Contact, Contact.id == Grant.contact_id)
    .where(Return.id.in_(bindparam("return_ids", expanding=True)), was_keyed_in())
)
