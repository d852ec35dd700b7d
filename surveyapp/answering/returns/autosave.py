"""What a page keeps by itself while somebody types: it never counts, and never stands in the way of a Save.

Each page keeps one text of its own, so that two tabs, or two people on one link, keep two; the page's next
Save or Return takes its place (docs/decisions/kept-as-you-type.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from surveyapp.answering.access.locks import lock_request_for_contact
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.operations import (
    add_answers,
    add_revision,
    lock_or_create_return,
    takes_answers,
)
from surveyapp.answering.returns.press import ButtonPress, autosave_id
from surveyapp.answering.returns.queries import revision_answers
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest


@dataclass(frozen=True)
class AutosaveOutcome:
    """What became of an autosave.

    `closed`: returns have closed, so it will not count; `changed`: somebody saved or returned this after the
    page was opened.
    """

    audit_return: Return
    closed: bool
    changed: bool


def store_autosave(
    audit_request: AuditRequest,
    given: Iterable[GivenAnswer],
    press: ButtonPress,
    *,
    continues: Sequence[str] = (),
    now: datetime,
) -> AutosaveOutcome:
    """Keep what stands on a page, in place of what it kept before and of the text it was opened with.

    `press` is the page's own, `continues` the kept texts that it goes on from. `now` is UTC. Raises
    LinkWithdrawn as `save_draft` does.
    """
    given = tuple(given)
    grant = lock_request_for_contact(audit_request)
    kept = lock_or_create_return(audit_request)
    outcome = AutosaveOutcome(
        kept,
        closed=not takes_answers(audit_request, kept, now=now),
        changed=kept.version != press.seen_version,
    )
    stored = session.scalar(select(Revision).where(Revision.submission_id == press.submission_id))
    if stored is not None and stored.return_id == kept.id and set(revision_answers(stored)) == set(given):
        # It came in after the page's own Save, with the same text.
        return outcome
    delete_autosaves(kept, (autosave_id(press.submission_id), *continues))
    mine = ButtonPress(autosave_id(press.submission_id), press.seen_version)
    revision = add_revision(kept, mine.submission_id, mine, "autosave", grant_id=grant.id, now=now)
    # None where a page of another return has this id: ids are drawn by us, so that one was made up.
    if revision is not None:
        add_answers(revision, given)
    return outcome


def store_clash_autosave(
    clash: Revision, given: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> None:
    """Keep the text of a clash as that of the page which shows both, until somebody presses Save on it.

    Whoever closes that page finds the text again beside what counts.
    """
    kept = session.get_one(Return, clash.return_id)
    mine = ButtonPress(autosave_id(press.submission_id), clash.seen_version)
    revision = add_revision(kept, mine.submission_id, mine, "autosave", grant_id=clash.grant_id, now=now)
    if revision is not None:
        add_answers(revision, tuple(given))


def delete_autosaves(kept: Return, ids: Sequence[str]) -> None:
    """Remove the kept texts with these ids: what took their place is stored."""
    mine = select(Revision.id).where(
        Revision.return_id == kept.id, Revision.kind == "autosave", Revision.submission_id.in_(ids)
    )
    found = list(session.scalars(mine))
    if found:
        session.execute(delete(Answer).where(Answer.revision_id.in_(found)))
        session.execute(delete(Revision).where(Revision.id.in_(found)))
