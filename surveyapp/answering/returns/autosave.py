"""Autosave: stores unsaved text on the server. It never counts as an answer and never blocks a Save.

Each page has one autosave, so that two tabs, or two people with one link, have two; the page's next Save or
Return replaces it (docs/decisions/kept-as-you-type.md).
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
    """The result of an autosave.

    `closed`: returns have closed, so a Save would not count. `changed`: somebody saved or returned this after
    the page was opened.
    """

    audit_return: Return
    closed: bool
    changed: bool


def store_autosave(
    audit_request: AuditRequest,
    answers: Iterable[GivenAnswer],
    press: ButtonPress,
    *,
    continues: Sequence[str] = (),
    now: datetime,
) -> AutosaveOutcome:
    """Store the text of a page, replacing its earlier autosave and the autosaves it was opened with.

    `press` is the page's own, `continues` the ids of the autosaves it was opened with. `now` is UTC. Raises
    LinkWithdrawn as `save_draft` does.
    """
    answers = tuple(answers)
    grant = lock_request_for_contact(audit_request)
    audit_return = lock_or_create_return(audit_request)
    outcome = AutosaveOutcome(
        audit_return,
        closed=not takes_answers(audit_request, audit_return, now=now),
        changed=audit_return.version != press.seen_version,
    )
    earlier = session.scalar(select(Revision).where(Revision.submission_id == press.submission_id))
    if (
        earlier is not None
        and earlier.return_id == audit_return.id
        and set(revision_answers(earlier)) == set(answers)
    ):
        # It arrived after the page's own Save, with the same text.
        return outcome
    delete_autosaves(audit_return, (autosave_id(press.submission_id), *continues))
    autosave = ButtonPress(autosave_id(press.submission_id), press.seen_version)
    revision = add_revision(
        audit_return, autosave.submission_id, autosave, "autosave", grant_id=grant.id, now=now
    )
    # None if a page of another return has this id. Our ids are random, so this one was forged.
    if revision is not None:
        add_answers(revision, answers)
    return outcome


def store_clash_autosave(
    clash: Revision, answers: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> None:
    """Autosave the text of a clash for the page that shows both versions.

    It survives if nobody saves there. `now` is UTC.
    """
    audit_return = session.get_one(Return, clash.return_id)
    autosave = ButtonPress(autosave_id(press.submission_id), clash.seen_version)
    revision = add_revision(
        audit_return,
        autosave.submission_id,
        autosave,
        "autosave",
        grant_id=clash.grant_id,
        now=now,
    )
    if revision is not None:
        add_answers(revision, tuple(answers))


def delete_autosaves(audit_return: Return, ids: Sequence[str]) -> None:
    """Delete the autosaves with these ids, once the text that replaces them is stored."""
    autosaves = select(Revision.id).where(
        Revision.return_id == audit_return.id, Revision.kind == "autosave", Revision.submission_id.in_(ids)
    )
    revision_ids = list(session.scalars(autosaves))
    if revision_ids:
        session.execute(delete(Answer).where(Answer.revision_id.in_(revision_ids)))
        session.execute(delete(Revision).where(Revision.id.in_(revision_ids)))
