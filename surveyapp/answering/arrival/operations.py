"""Links that contacts ask for again: the page stores the address, and the worker sends the link."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from surveyapp.answering.models import WantedLink
from surveyapp.foundation.mail.waking import wake_worker
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event_once
from surveyapp.issuing.access_queries import grants_of_address
from surveyapp.issuing.link_operations import send_fresh_links

# More addresses than this do not wait for the worker, so that a flood of them cannot fill the database.
MOST_WANTED_LINKS = 500
_HOUR = timedelta(hours=1)


def want_link(address: str, *, now: datetime) -> None:
    """Store that somebody asked for their link again at `address`. `now` is UTC.

    The same statements run for every address, on record or not, so that the time they take tells nobody which
    it is. While `MOST_WANTED_LINKS` addresses wait, further ones are left out.
    """
    waiting = session.scalar(select(func.count()).select_from(WantedLink)) or 0
    if waiting < MOST_WANTED_LINKS:
        insert_once(WantedLink, unique=("address",), address=address.lower(), asked_at=now)
    wake_worker()


def send_wanted_links(now: datetime) -> int:
    """Queue the links that were asked for, and forget the addresses; returns how many links were queued.

    The worker runs it whenever it looks for email to send. `now` is UTC.
    """
    if session.scalar(select(WantedLink.address).limit(1)) is None:
        # Reading waits for nobody; a DELETE takes SQLite's write lock even where there is nothing to delete.
        return 0
    taken = delete(WantedLink).returning(WantedLink.address)
    # Of several workers, the one that removes a row sends its links.
    addresses = sorted(session.scalars(taken, execution_options={"synchronize_session": False}))
    if len(addresses) >= MOST_WANTED_LINKS:
        record_event_once("worker", "left_out_wanted_links", "links", since=now - _HOUR, now=now)
    grants = [grant for address in addresses for grant in grants_of_address(address)]
    return send_fresh_links([grant for grant in grants if not grant.audit.is_closed(now)], now=now)
