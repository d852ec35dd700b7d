"""Operations on the example: ask for it, load it in the background, and remove all of it."""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import delete, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.brief.models import BriefResource, LibraryResource
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.commands.demonstration.briefs import (
    demonstration_agencies,
    demonstration_resources,
    load_own_brief,
)
from surveyapp.foundation import clock
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.mail.waking import wake_worker
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import after_commit, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.owned_rows import delete_with_owned_rows, mentions, owned_rows
from surveyapp.foundation.store.row_locks import lock_row_if_there
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.mailing.subjects import SUBJECTS
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.standalone.example.queries import example_audits, is_offered
from surveyapp.standalone.example.wish import is_wanted
from surveyapp.standalone.models import WantedExample

log = logging.getLogger("surveyapp.example")

# Longer than the longest load that was seen, on a slow disk; then another worker goes on with it.
LEASE = timedelta(minutes=5)
WORD = "example"
# Domains of which nobody has an address (RFC 2606).
INVENTED = ".example"


class NotOffered(Refused):
    """There are audits, so the example would stand among them."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "There are audits already, so the example is not loaded beside them.",
            way_on="Go back to Audits.",
        )


class NamesTaken(Refused):
    """The directory has agencies of the names that the example invents; removing it could take them away."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name the agencies."""
        super().__init__(
            f"The directory has {list_in_words(names)} already, and the example brings its own of that name.",
            way_on="Rename yours, or delete it, and load the example then.",
        )


class StillLoading(Refused):
    """A worker is loading the example."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("The example is still being loaded.", way_on="Remove it once it is there.")


class UsedElsewhere(Refused):
    """A real audit refers to something of the example."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "One of your own audits refers to something of the example, so it cannot be removed.",
            way_on="Set the example aside instead, where it is set up, once its returns are closed.",
        )


def want_example(*, actor: str, now: datetime) -> None:
    """Ask for the example, which the worker loads; asking again after a failure goes on where it stopped.

    Asking while it is being loaded changes nothing. `now` is UTC. Raises NotOffered while there are audits,
    and NamesTaken.
    """
    wanted = lock_row_if_there(select(WantedExample).where(WantedExample.id == 1))
    if wanted is not None:
        if wanted.failed_at is not None:
            wanted.failed_at, wanted.asked_at, wanted.asked_by = None, now, actor[:200]
        return
    if not is_offered():
        raise NotOffered
    ours = select(Agency.name).where(Agency.name.in_(demonstration_agencies())).order_by(Agency.name)
    if taken := session.scalars(ours).all():
        raise NamesTaken(taken)
    session.add(WantedExample(id=1, asked_at=now, asked_by=actor[:200]))
    wake_worker()
    record_event(actor, "asked_for_example", "example", now=now)


def load_wanted_example(now: datetime) -> bool:
    """Load the example if somebody has asked for it; the worker runs it. Commits after each part.

    A failure is logged without what was being stored, and waits until somebody asks again.
    """
    if not _claim(now):
        return False
    try:
        load_demonstration(now=now)
        load_own_brief(now=now)
    except Exception as error:  # noqa: BLE001 — whatever it is, the page says so instead of waiting for ever
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("The example could not be loaded: %s\n%s", type(error).__name__, where)  # noqa: TRY400 — its message may hold text
        with transaction():
            wanted = session.get_one(WantedExample, 1)
            wanted.failed_at, wanted.lease_until = clock.now(), None
        return False
    with transaction():
        asked_by = session.get_one(WantedExample, 1).asked_by
        session.execute(delete(WantedExample))
        record_event(asked_by, "loaded_example", "example", now=now)
    return True


def _claim(now: datetime) -> bool:
    """Take the lease; False if nobody has asked, another worker is loading it, or it has failed."""
    if not is_wanted():
        return False
    with transaction():
        wanted = lock_row_if_there(select(WantedExample).where(WantedExample.id == 1))
        if wanted is None or wanted.failed_at is not None:
            return False
        if wanted.lease_until is not None and wanted.lease_until > now:
            return False
        wanted.lease_until = now + LEASE
    return True


def what_goes() -> list[str]:
    """What removing the example would delete, in words, such as “1 audit”."""
    audits = example_audits()
    counts = owned_rows(*audits) if audits else {}
    words = [
        counted(len(audits), "audit"),
        counted(counts.get("survey_case", 0), "case"),
        counted(counts.get("survey_audit_request", 0), "request"),
        counted(counts.get("survey_return", 0), "return or draft", "returns and drafts"),
    ]
    return [*words, "everything read and written from them", "the agencies invented for them"]


def remove_example(*, typed: str, actor: str, now: datetime) -> None:
    """Delete the example: its audits with all that belongs to them, its emails and its agencies.

    An agency stays that one of the partnership's own audits asks, or that has a contact with a real address.
    `typed` is what the person typed to confirm. `now` is UTC. Raises FieldRefused, StillLoading and
    UsedElsewhere.
    """
    if name_key(typed) != WORD:
        raise FieldRefused("word", f"Type {WORD} to remove it")
    wanted = lock_row_if_there(select(WantedExample).where(WantedExample.id == 1))
    if wanted is not None and wanted.lease_until is not None and wanted.lease_until > now:
        raise StillLoading
    audits = example_audits()
    for audit in audits:
        lock_audit(audit)
    if audits and mentions(*audits):
        raise UsedElsewhere
    for audit in audits:
        record_event(actor, "deleted_audit", f"audit {audit.id}", audit.title, now=now)
    if audits:
        _delete_emails(audits)
        delete_with_owned_rows(*audits)
    # Without an audit of the example an agency of such a name is the partnership’s own.
    agencies = _agencies() if audits else []
    if agencies:
        delete_with_owned_rows(*agencies)
    unused = ~select(BriefResource).where(BriefResource.resource_id == LibraryResource.id).exists()
    ours = LibraryResource.name.in_(demonstration_resources())
    if audits:
        session.execute(
            delete(LibraryResource).where(ours, unused), execution_options={"synchronize_session": False}
        )
    session.execute(delete(WantedExample))
    record_event(actor, "removed_example", "example", now=now)


def _delete_emails(audits: Sequence[Audit]) -> None:
    """Delete the emails about audits and what came back about them; the mail folder loses them too."""
    about = or_(*(subject.of(audit.id) for subject in SUBJECTS for audit in audits))
    ids = list(session.scalars(select(Outbox.id).where(about)))
    session.execute(delete(Bounce).where(Bounce.mail_id.in_(ids)))
    session.execute(delete(Outbox).where(Outbox.id.in_(ids)))
    if folder := settings().mail_folder:
        after_commit(partial(_empty_folder, Path(folder), ids))


def _empty_folder(folder: Path, mail_ids: Sequence[int]) -> None:
    for mail_id in mail_ids:
        (folder / f"{mail_id}.eml").unlink(missing_ok=True)


def _agencies() -> list[Agency]:
    """The invented agencies on which nothing depends any more, once the audits of the example are deleted."""
    ours = session.scalars(select(Agency).where(Agency.name.in_(demonstration_agencies())))
    return [agency for agency in ours if _is_invented(agency) and not _is_used(agency)]


def _is_used(agency: Agency) -> bool:
    """Whether anything but its contacts depends on an agency."""
    return bool(owned_rows(agency).keys() - {"survey_contact"} or mentions(agency))


def _is_invented(agency: Agency) -> bool:
    """Whether nobody at the agency has an address that could exist."""
    return all(contact.email.endswith(INVENTED) for contact in agency.contacts)
