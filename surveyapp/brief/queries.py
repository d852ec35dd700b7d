"""The brief of an audit as it stands, its public version, and the library of resources."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from surveyapp.brief.brief import Brief, BriefText, Resource
from surveyapp.brief.charts import chart_of
from surveyapp.brief.checks import brief_flags
from surveyapp.brief.models import BriefKeptFlag, BriefRelease, BriefResource, LibraryResource, SavedBrief
from surveyapp.brief.sections import assemble_brief
from surveyapp.brief.stored_json import page_as_json, page_from_json, texts_from_json
from surveyapp.checks.audit_facts import AuditFacts, audit_facts
from surveyapp.checks.flag_answers import FlagWithAnswer, flags_with_answers, unanswered_count
from surveyapp.checks.proposals.models import BRIEF, ReleaseProposal
from surveyapp.checks.proposals.queries import is_latest_proposal
from surveyapp.collating.queries import collate
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit

DRAFT = "Draft, not approved for release"


def saved_brief(audit_id: int) -> SavedBrief | None:
    """The saved text of an audit’s brief; None before the first save."""
    return session.scalars(select(SavedBrief).where(SavedBrief.audit_id == audit_id)).one_or_none()


def _audit_with_its_brief(
    audit_id: int,
) -> tuple[Audit, SavedBrief | None, BriefRelease | None, ReleaseProposal | None]:
    """An audit, its saved brief, that brief's latest release and latest proposal, read in one statement.

    Raises NoResultFound for an unknown audit.
    """
    later = aliased(BriefRelease)
    latest = select(func.max(later.id)).where(later.brief_id == SavedBrief.id).scalar_subquery()
    row = session.execute(
        select(Audit, SavedBrief, BriefRelease, ReleaseProposal)
        .outerjoin(SavedBrief, SavedBrief.audit_id == Audit.id)
        .outerjoin(BriefRelease, BriefRelease.id == latest)
        .outerjoin(ReleaseProposal, is_latest_proposal(Audit.id, BRIEF))
        .where(Audit.id == audit_id)
    ).one()
    return row[0], row[1], row[2], row[3]


def brief_text(saved: SavedBrief | None) -> BriefText:
    """The text of a saved brief; an empty one before the first save."""
    if saved is None:
        return BriefText()
    return BriefText(
        audited_on=saved.audited_on,
        discussed=saved.discussed,
        shows_splits=saved.shows_splits,
        question=saved.question,
        **texts_from_json(saved.texts),
    )


@dataclass(frozen=True)
class BriefOverview:
    """Everything about an audit's brief: its page, sources, flags, last release and last proposal."""

    audit: Audit
    facts: AuditFacts
    kept: SavedBrief | None
    written: BriefText
    brief: Brief
    library: tuple[LibraryResource, ...]
    shown: tuple[int, ...]
    findings: tuple[FlagWithAnswer[BriefKeptFlag], ...]
    release: BriefRelease | None
    proposal: ReleaseProposal | None

    @property
    def waiting(self) -> int:
        """How many flags have no answer."""
        return unanswered_count(self.findings)

    @property
    def version(self) -> int:
        """The version of the saved text; 0 before the first save."""
        return self.kept.version if self.kept else 0

    @property
    def content(self) -> str:
        """A digest of the whole page: texts, figures and resources."""
        return sha256(page_as_json(self.brief).encode()).hexdigest()

    @property
    def can_be_released(self) -> bool:
        """Whether there is something to release, and nothing that has to be answered first."""
        return bool(self.kept and self.facts.children) and not self.waiting and not self.is_released

    @property
    def is_released(self) -> bool:
        """Whether the brief has not changed since its latest release."""
        if self.release is None:
            return False
        released = page_from_json(self.release.page)
        return replace(released, foot=self.brief.foot) == self.brief


def brief_overview(audit_id: int, *, now: datetime) -> BriefOverview:
    """Read everything about an audit's brief. Raises NoResultFound for an unknown audit."""
    audit, saved, release, proposal = _audit_with_its_brief(audit_id)
    facts, written = audit_facts(audit), brief_text(saved)
    chart = chart_of(collate(audit, now=now), written.question) if written.question else None
    shelf = _library_with_positions(saved)
    positions = {resource: position for resource, position in shelf.items() if position is not None}
    shown_resources = sorted(positions, key=lambda resource: positions[resource])
    resources = [Resource(resource.name, resource.what, resource.address) for resource in shown_resources]
    brief = assemble_brief(facts, written, resources=resources, chart=chart, foot=DRAFT)
    return BriefOverview(
        audit=audit,
        facts=facts,
        kept=saved,
        written=written,
        brief=brief,
        library=tuple(shelf),
        shown=tuple(resource.id for resource in shown_resources),
        findings=flags_with_answers(brief_flags(brief, facts), _answers(saved)),
        release=release,
        proposal=proposal,
    )


def _library_with_positions(saved: SavedBrief | None) -> dict[LibraryResource, int | None]:
    """The resources of the library by name, each with its position in a brief, or None if not shown."""
    is_shown = (BriefResource.resource_id == LibraryResource.id) & (
        BriefResource.brief_id == (saved.id if saved else 0)
    )
    chosen = select(LibraryResource, BriefResource.position).outerjoin(BriefResource, is_shown)
    rows = session.execute(chosen.order_by(LibraryResource.name, LibraryResource.id))
    return {row[0]: row[1] for row in rows}


def _answers(saved: SavedBrief | None) -> list[BriefKeptFlag]:
    if saved is None:
        return []
    chosen = select(BriefKeptFlag).where(BriefKeptFlag.brief_id == saved.id)
    return list(session.scalars(chosen.order_by(BriefKeptFlag.id)))


def released_brief(audit_id: int) -> Brief:
    """The public version: the page as last approved. Raises NotFound before the first release."""
    chosen = select(BriefRelease).join(SavedBrief).where(SavedBrief.audit_id == audit_id)
    release = session.scalars(chosen.order_by(BriefRelease.id.desc()).limit(1)).one_or_none()
    if release is None:
        raise NotFound(
            "This audit’s brief has not been released.", way_on="It is released on the brief’s page."
        )
    return page_from_json(release.page)


def current_brief(audit_id: int, *, now: datetime) -> Brief:
    """The brief as it stands: with its approval if unchanged since the release, otherwise as a draft."""
    overview = brief_overview(audit_id, now=now)
    if overview.release is not None and overview.is_released:
        return page_from_json(overview.release.page)
    return overview.brief
