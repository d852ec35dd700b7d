"""Autosave: stores unsaved text on the server. It never counts as an answer and never blocks a Save.

Each page has one autosave, so that two tabs, or two people with one link, have two; the page's next Save or
Return replaces it (docs/decisions/kept-as-you-type.md). A ticked concern does not wait for the Save
(docs/decisions/current-concern.md).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import joinedload

from surveyapp.answering.access.locks import lock_request_for_contact, lock_rows_of_requests
from surveyapp.answering.concerns.operations import (
    answers_raise_concern,
    fill_in_details,
    raise_concern,
    take_back_concern,
)
from surveyapp.answering.concerns.queries import concern_of_request
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.operations import takes_answers
from surveyapp.answering.returns.press import ButtonPress, autosave_id
from surveyapp.answering.returns.queries import autosaves, kept_texts, revision_answers, working_revision
from surveyapp.answering.returns.revision_operations import (
    add_answers,
    add_revision,
    lock_or_create_return,
)
from surveyapp.defining.concern import told_whom_and_when
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest

# How long a ticked concern waits for whom the contact told and when, before the partnership is told.
TIME_TO_FILL_IN = timedelta(minutes=2)


@dataclass(frozen=True)
class AutosaveOutcome:
    """The result of an autosave.

    `closed`: returns have closed, so a Save would not count. `changed`: somebody saved or returned this after
    the page was opened.
    """

    audit_return: Return
    closed: bool
    changed: bool


def store_autosave(  # noqa: PLR0913 — what a page holds, and what was stored of it before
    audit_request: AuditRequest,
    answers: Iterable[GivenAnswer],
    press: ButtonPress,
    *,
    continues: Sequence[str] = (),
    refused: Callable[[tuple[GivenAnswer, ...]], tuple[GivenAnswer, ...]] | None = None,
    now: datetime,
) -> AutosaveOutcome:
    """Store the text of a page, replacing its earlier autosave and the autosaves it was opened with.

    `press` is the page's own, `continues` the ids of the autosaves it was opened with. `refused` gives those
    of the answers stored last whose box cannot be stored as it is now: they are stored again, so that a box
    that has become too long does not lose what was kept of it. `now` is UTC. Raises LinkWithdrawn as
    `save_draft` does.
    """
    grant = lock_request_for_contact(audit_request)
    audit_return = lock_or_create_return(audit_request)
    answers = tuple(answers)
    if refused is not None:
        answers += refused(_answers_stored_last(audit_return, press, continues))
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
    replaced = (autosave_id(press.submission_id), *continues)
    concern_since = _follow_concern(
        audit_request, audit_return, answers, replaced, grant_id=grant.id, now=now
    )
    delete_autosaves(audit_return, replaced)
    autosave = ButtonPress(autosave_id(press.submission_id), press.seen_version)
    revision = add_revision(
        audit_return,
        autosave.submission_id,
        autosave,
        "autosave",
        answers=answers,
        grant_id=grant.id,
        now=now,
        concern_since=concern_since,
    )
    # None if a page of another return has this id. Our ids are random, so this one was forged.
    if revision is not None:
        add_answers(revision, answers)
    return outcome


def _follow_concern(  # noqa: PLR0913 — a text, what it replaces, and whose it is
    audit_request: AuditRequest,
    audit_return: Return,
    answers: tuple[GivenAnswer, ...],
    replaced: Sequence[str],
    *,
    grant_id: int,
    now: datetime,
) -> datetime | None:
    """Raise or take back a concern as a text that is about to be stored says.

    Returns since when its tick waits to be told to the partnership: None if there is no tick, or it is told.
    A concern that stands in saved answers, or in the text of another page, is not taken back.
    """
    concern = concern_of_request(audit_request.id)
    is_open = concern is not None and concern.is_open
    if answers_raise_concern(audit_request, answers):
        if concern is not None and is_open:
            fill_in_details(concern, answers)
            return None
        if all(told_whom_and_when(answers)):
            raise_concern(audit_request, answers, grant_id=grant_id, now=now)
            return None
        earlier = [autosave for autosave in autosaves(audit_return) if autosave.submission_id in replaced]
        return min((autosave.concern_since for autosave in earlier if autosave.concern_since), default=now)
    if concern is None or not is_open:
        return None
    saved = revision_answers(working_revision(audit_return))
    elsewhere = (saved, *kept_texts(audit_return, without=replaced))
    was_here = any(
        answers_raise_concern(audit_request, revision_answers(autosave))
        for autosave in autosaves(audit_return)
        if autosave.submission_id in replaced
    )
    if was_here and not any(answers_raise_concern(audit_request, text) for text in elsewhere):
        take_back_concern(concern, grant_id=grant_id, now=now)
    return None


def raise_kept_concerns(now: datetime) -> int:
    """Raise each concern that was ticked two minutes ago in text that nobody has saved; returns how many.

    For the worker, which does it although the browser may have been closed. `now` is UTC.
    """
    due = select(Revision).where(Revision.concern_since <= now - TIME_TO_FILL_IN).order_by(Revision.id)
    return_ids = due.with_only_columns(Revision.return_id).order_by(None)
    requests = session.scalars(
        select(AuditRequest)
        .join(Return, Return.request_id == AuditRequest.id)
        .where(Return.id.in_(return_ids))
        .options(joinedload(AuditRequest.audit), joinedload(AuditRequest.agency))
    ).all()
    if not requests:
        return 0
    lock_rows_of_requests(requests)
    by_id = {audit_request.id: audit_request for audit_request in requests}
    raised = 0
    # Read under the lock: a page may have replaced its text, or saved it, since.
    for autosave in session.scalars(due.execution_options(populate_existing=True)).all():
        audit_request = by_id.get(session.get_one(Return, autosave.return_id).request_id)
        if audit_request is None:
            # Due only since the rows were locked: its turn comes at the next tick.
            continue
        concern = concern_of_request(audit_request.id)
        answers = revision_answers(autosave)
        if concern is not None and concern.is_open:
            fill_in_details(concern, answers)
        else:
            raise_concern(audit_request, answers, grant_id=autosave.grant_id, now=now)
            raised += 1
        autosave.concern_since = None
        session.flush()
    return raised


def _answers_stored_last(
    audit_return: Return, press: ButtonPress, continues: Sequence[str]
) -> tuple[GivenAnswer, ...]:
    """The answers of the page's last autosave, or else those with which it was opened."""
    own_ids = (autosave_id(press.submission_id), *continues)
    own = [autosave for autosave in autosaves(audit_return) if autosave.submission_id in own_ids]
    return revision_answers(own[-1] if own else working_revision(audit_return))


def store_clash_autosave(
    clash: Revision, answers: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> None:
    """Autosave the text of a clash for the page that shows both versions.

    It survives if nobody saves there. `now` is UTC.
    """
    audit_return = session.get_one(Return, clash.return_id)
    autosave, answers = ButtonPress(autosave_id(press.submission_id), clash.seen_version), tuple(answers)
    revision = add_revision(
        audit_return,
        autosave.submission_id,
        autosave,
        "autosave",
        answers=answers,
        grant_id=clash.grant_id,
        now=now,
    )
    if revision is not None:
        add_answers(revision, answers)


_AUTOSAVES_WITH_IDS = select(Revision.id).where(
    Revision.return_id == bindparam("return_id"),
    Revision.kind == "autosave",
    Revision.submission_id.in_(bindparam("ids", expanding=True)),
)


def delete_autosaves(audit_return: Return, ids: Sequence[str]) -> None:
    """Delete the autosaves with these ids, once the text that replaces them is stored."""
    parameters = {"return_id": audit_return.id, "ids": list(ids)}
    revision_ids = list(session.scalars(_AUTOSAVES_WITH_IDS, parameters))
    if revision_ids:
        session.execute(delete(Answer).where(Answer.revision_id.in_(revision_ids)))
        session.execute(delete(Revision).where(Revision.id.in_(revision_ids)))
