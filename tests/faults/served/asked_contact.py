"""A contact who was asked about two children, and the rows that tests read about their returns."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, select

from surveyapp.answering.models import Answer as Stored
from surveyapp.answering.models import Return, Revision, WantedLink
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import Grant
from tests.row_maker import Maker


class AskedContact:
    """Ids and link of a contact with two requests; an open row would block the server."""

    def __init__(self, make: Maker) -> None:
        audit = make.audit(cases=2, agencies=1)
        grant = make.grants(audit)[0]
        requests = make.requests(audit)
        self.audit_id, self.grant_id, self.link = audit.id, grant.id, link_for(grant)
        self.email = grant.contact.email
        self.request_ids = [audit_request.id for audit_request in requests]
        self.pages = [f"/returns/{audit_request.public_id}/" for audit_request in requests]
        session.rollback()

    def is_returned(self, number: int = 0) -> bool:
        """Whether a child's return counts as returned."""
        mine = Return.request_id == self.request_ids[number]
        return bool(_read(select(Return.id).where(mine, Return.returned_at.is_not(None))))

    def revisions(self, number: int = 0) -> Counter[str]:
        """The number of revisions of a child's return by kind."""
        chosen = select(Revision.kind).join(Return, Return.id == Revision.return_id)
        return Counter(_read(chosen.where(Return.request_id == self.request_ids[number])))

    def texts(self, number: int = 0) -> set[str]:
        """Every text stored about a child, in any revision."""
        chosen = select(Stored.text).join(Revision, Revision.id == Stored.revision_id)
        chosen = chosen.join(Return, Return.id == Revision.return_id)
        mine = chosen.where(Return.request_id == self.request_ids[number], Stored.text.is_not(None))
        return {text or "" for text in _read(mine)}

    def emails(self, kind: str) -> int:
        """The number of emails of a kind queued for the contact."""
        return len(_read(select(Outbox.id).where(Outbox.kind == kind, Outbox.to_addr == self.email)))

    @property
    def waits_for_link(self) -> bool:
        """Whether the contact asked for the link and the worker has not looked the address up yet."""
        return bool(_read(select(WantedLink.address).where(WantedLink.address == self.email.lower())))

    @property
    def has_started(self) -> bool:
        """Whether the grant has been started."""
        return bool(_read(select(Grant.id).where(Grant.id == self.grant_id, Grant.started_at.is_not(None))))


def _read(chosen: Select[Any]) -> list[Any]:
    """Read one column in its own transaction, so that the server is not blocked."""
    session.rollback()
    values = list(session.scalars(chosen))
    session.rollback()
    return values
