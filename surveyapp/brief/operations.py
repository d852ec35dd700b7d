"""Saving a brief, answering its flags, asking for its approval, and releasing it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from surveyapp.brief.brief import BriefText
from surveyapp.brief.models import BriefKeptFlag, BriefRelease, BriefResource, LibraryResource, SavedBrief
from surveyapp.brief.pdf import check_fits
from surveyapp.brief.queries import BriefOverview, brief_overview, saved_brief
from surveyapp.brief.stored_json import page_as_json, texts_as_json
from surveyapp.checks.flag_answers import keep_flags
from surveyapp.checks.proposals.models import BRIEF, ReleaseProposal
from surveyapp.checks.proposals.operations import approve_proposal, check_releasable, propose
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


def save_brief_draft(  # noqa: PLR0913 — each is one thing that was sent
    audit_id: int, written: BriefText, resources: Sequence[int], *, seen: int, actor: str, now: datetime
) -> SavedBrief:
    """Save the text of an audit's brief and its resources, in their order.

    `seen` is the version that the page showed. Raises EditConflict if a later one has been saved, and
    NoResultFound for an unknown audit.
    """
    # The lock on the audit puts two first saves one after the other.
    session.get_one(Audit, audit_id, with_for_update=True)
    saved = saved_brief(audit_id)
    check_unchanged(
        seen,
        saved.version if saved else 0,
        message="Someone else saved this brief while you wrote.",
        way_on="Yours is below and not saved. "
        "Take over from the page what you want to keep of theirs, then save.",
    )
    if saved is None:
        saved = SavedBrief(audit_id=audit_id, version=0)
        session.add(saved)
    saved.version, saved.saved_at = seen + 1, now
    saved.audited_on, saved.discussed = written.audited_on, written.discussed
    saved.shows_splits, saved.question = written.shows_splits, written.question
    saved.texts = texts_as_json(written)
    session.flush()
    session.execute(delete(BriefResource).where(BriefResource.brief_id == saved.id))
    in_library = set(session.scalars(select(LibraryResource.id).where(LibraryResource.id.in_(resources))))
    for position, resource_id in enumerate(dict.fromkeys(resources)):
        if resource_id in in_library:
            session.add(BriefResource(brief_id=saved.id, resource_id=resource_id, position=position))
    session.flush()
    session.refresh(saved)
    record_event(actor, "saved_brief", f"audit {audit_id}", f"version {saved.version}", now=now)
    return saved


def keep_brief_flags(audit_id: int, reasons: Mapping[str, str], *, actor: str, now: datetime) -> int:
    """Store the reasons for keeping flagged words in a brief; return how many were stored.

    Raises Refused as `flag_answers.keep_flags` does, and also before the brief is first saved.
    """
    overview = brief_overview(audit_id, now=now)
    saved = _saved_brief(overview)

    def new(mark: str) -> BriefKeptFlag:
        return BriefKeptFlag(brief_id=saved.id, mark=mark)

    answered = keep_flags(overview.findings, reasons, new=new, actor=actor, now=now)
    if answered:
        record_event(actor, "kept_findings", f"audit {audit_id}", counted(answered, "finding"), now=now)
    return answered


def take_back_brief_answer(audit_id: int, mark: str, *, actor: str, now: datetime) -> bool:
    """Delete the answer to one flag, so that it waits again; return False if there was no answer."""
    saved = saved_brief(audit_id)
    chosen = select(BriefKeptFlag).where(
        BriefKeptFlag.brief_id == (saved.id if saved else 0), BriefKeptFlag.mark == mark
    )
    answer = session.scalars(chosen).one_or_none()
    if answer is None:
        return False
    session.delete(answer)
    record_event(actor, "took_back_finding", f"audit {audit_id}", now=now)
    return True


def propose_brief(audit_id: int, *, seen: str, actor: str, now: datetime) -> ReleaseProposal:
    """Ask executives to approve a brief for release.

    `seen` is the `content` that the page showed. Raises EditConflict if the page has changed since,
    FlagsUnanswered while a flag has no answer, BriefTooLong if it does not fit, and Refused if approval has
    been asked for already, if the brief is released as it is, or if there is nothing to release.
    """
    overview, _ = _releasable(audit_id, seen, now=now)
    check_fits(overview.brief)
    return propose(audit_id, BRIEF, content=overview.content, actor=actor, now=now)


def release_brief(
    audit_id: int, *, seen: str, roles: Collection[str], actor: str, now: datetime
) -> BriefRelease:
    """Release a brief: the page as it is now becomes the public version, with the executive and the day.

    `seen` is the `content` that the executive looked at; `roles` are theirs. Raises EditConflict if the page
    has changed since, FlagsUnanswered while a flag has no answer, BriefTooLong if the page does not fit,
    NotAnExecutive, NothingProposed if nobody asked for approval, and Refused if there is nothing to release.
    """
    overview, saved = _releasable(audit_id, seen, now=now)
    approve_proposal(audit_id, BRIEF, content=overview.content, roles=roles, actor=actor, now=now)
    page = replace(overview.brief, foot=f"Approved by {actor} on {document_day(local_day(now))}")
    check_fits(page)
    release = BriefRelease(
        brief_id=saved.id, version=saved.version, approver=actor, released_at=now, page=page_as_json(page)
    )
    session.add(release)
    record_event(actor, "released_brief", f"audit {audit_id}", f"version {saved.version}", now=now)
    return release


def _releasable(audit_id: int, seen: str, *, now: datetime) -> tuple[BriefOverview, SavedBrief]:
    """Lock the audit and read its brief, as the page showed it. Raises what `propose_brief` does."""
    session.get_one(Audit, audit_id, with_for_update=True)
    overview = brief_overview(audit_id, now=now)
    saved = _saved_brief(overview)
    check_releasable(
        BRIEF,
        overview,
        seen=seen,
        has_returns=bool(overview.facts.children),
        way_on="Look at the page again, then press again.",
    )
    return overview, saved


def _saved_brief(overview: BriefOverview) -> SavedBrief:
    if overview.kept is None:
        raise Refused("The brief has not been saved yet.", way_on="Write it and save it first.")
    return overview.kept
