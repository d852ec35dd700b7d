"""What a brief is filled from, what was written into it, and how far its checks have come."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from surveyapp.brief.brief import Bar, Brief, BriefChart, BriefText, Resource
from surveyapp.brief.checks import brief_flags
from surveyapp.brief.models import BriefKeptFlag, BriefRelease, BriefResource, LibraryResource, SavedBrief
from surveyapp.brief.sections import assemble_brief
from surveyapp.brief.stored_json import page_as_json, page_from_json, texts_from_json
from surveyapp.checks.audit_facts import AuditFacts, audit_facts
from surveyapp.checks.flag_answers import FlagWithAnswer, flags_with_answers, unanswered_count
from surveyapp.collating.figures import Collation
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

DRAFT = "Draft, not approved for release"
# Kinds of question whose answers are counted, so that they can stand as bars.
CHARTABLE_KINDS = frozenset(name for name, kind in QUESTION_KINDS.items() if kind.offers)


def chartable_questions(audit: Audit) -> list[Question]:
    """The questions that can stand as a chart, in the form's order."""
    return [each for each in form_of(audit).questions if each.kind in CHARTABLE_KINDS]


def chart_of(collation: Collation, question: str) -> BriefChart | None:
    """One question's figures as bars; None where nothing was answered to it."""
    figures = next((each for each in collation.questions if each.id == question), None)
    if figures is None:
        return None
    bars = [Bar(row.label, row.share) for row in figures.rows if row.share is not None and row.share.of]
    for line in figures.lines:
        bars += [
            Bar(line.label, row.share)
            for row in line.rows
            if row.value == "yes" and row.share and row.share.of
        ]
    return BriefChart(figures.question.name, tuple(bars)) if bars else None


def saved_brief(audit_id: int) -> SavedBrief | None:
    """What was written into an audit’s brief; None before the first save."""
    return session.scalars(select(SavedBrief).where(SavedBrief.audit_id == audit_id)).one_or_none()


def _audit_with_brief_and_release(audit_id: int) -> tuple[Audit, SavedBrief | None, BriefRelease | None]:
    """An audit with its brief and the latest release of it, in one statement; NoResultFound without one."""
    later = aliased(BriefRelease)
    latest = select(func.max(later.id)).where(later.brief_id == SavedBrief.id).scalar_subquery()
    row = session.execute(
        select(Audit, SavedBrief, BriefRelease)
        .outerjoin(SavedBrief, SavedBrief.audit_id == Audit.id)
        .outerjoin(BriefRelease, BriefRelease.id == latest)
        .where(Audit.id == audit_id)
    ).one()
    return row[0], row[1], row[2]


def brief_text(kept: SavedBrief | None) -> BriefText:
    """What people wrote; nothing before the first save."""
    if kept is None:
        return BriefText()
    return BriefText(
        audited_on=kept.audited_on,
        discussed=kept.discussed,
        shows_splits=kept.shows_splits,
        question=kept.question,
        **texts_from_json(kept.texts),
    )


@dataclass(frozen=True)
class BriefOverview:
    """An audit's brief as it stands: its page, what it was filled from, its findings, its latest release."""

    audit: Audit
    facts: AuditFacts
    kept: SavedBrief | None
    written: BriefText
    brief: Brief
    library: tuple[LibraryResource, ...]
    shown: tuple[int, ...]
    findings: tuple[FlagWithAnswer[BriefKeptFlag], ...]
    release: BriefRelease | None

    @property
    def waiting(self) -> int:
        """How many findings nobody has answered."""
        return unanswered_count(self.findings)

    @property
    def version(self) -> int:
        """Which version it is; nought before the first save."""
        return self.kept.version if self.kept else 0

    @property
    def content(self) -> str:
        """A digest of all that the page says, wherever it comes from: texts, figures, resources."""
        return sha256(page_as_json(self.brief).encode()).hexdigest()

    @property
    def is_released(self) -> bool:
        """Whether the latest release says exactly what the brief says now."""
        if self.release is None:
            return False
        released = page_from_json(self.release.page)
        return replace(released, foot=self.brief.foot) == self.brief


def brief_overview(audit_id: int, *, now: datetime) -> BriefOverview:
    """Everything about an audit's brief. Raises NoResultFound where there is no such audit."""
    audit, kept, release = _audit_with_brief_and_release(audit_id)
    facts, written = audit_facts(audit), brief_text(kept)
    chart = chart_of(collate(audit, now=now), written.question) if written.question else None
    shelf = _library_with_positions(kept)
    shown = sorted(
        ((position, each) for each, position in shelf.items() if position is not None),
        key=lambda found: found[0],
    )
    resources = [Resource(each.name, each.what, each.address) for _, each in shown]
    brief = assemble_brief(facts, written, resources=resources, chart=chart, foot=DRAFT)
    return BriefOverview(
        audit=audit,
        facts=facts,
        kept=kept,
        written=written,
        brief=brief,
        library=tuple(shelf),
        shown=tuple(each.id for _, each in shown),
        findings=flags_with_answers(brief_flags(brief, facts), _answers(kept)),
        release=release,
    )


def _library_with_positions(kept: SavedBrief | None) -> dict[LibraryResource, int | None]:
    """The library by name, each with its place in a brief that shows it."""
    is_shown = (BriefResource.resource_id == LibraryResource.id) & (
        BriefResource.brief_id == (kept.id if kept else 0)
    )
    chosen = select(LibraryResource, BriefResource.position).outerjoin(BriefResource, is_shown)
    rows = session.execute(chosen.order_by(LibraryResource.name, LibraryResource.id))
    return {row[0]: row[1] for row in rows}


def _answers(kept: SavedBrief | None) -> list[BriefKeptFlag]:
    if kept is None:
        return []
    chosen = select(BriefKeptFlag).where(BriefKeptFlag.brief_id == kept.id)
    return list(session.scalars(chosen.order_by(BriefKeptFlag.id)))


def released_brief(audit_id: int) -> Brief:
    """The public version: the page as it was approved last. Raises NotFound before the first release."""
    chosen = select(BriefRelease).join(SavedBrief).where(SavedBrief.audit_id == audit_id)
    release = session.scalars(chosen.order_by(BriefRelease.id.desc()).limit(1)).one_or_none()
    if release is None:
        raise NotFound(
            "This audit’s brief has not been released.", way_on="It is released on the brief’s page."
        )
    return page_from_json(release.page)


def current_brief(audit_id: int, *, now: datetime) -> Brief:
    """The brief as it is written now: with its approval where nothing was changed since, else as a draft."""
    picture = brief_overview(audit_id, now=now)
    if picture.release is not None and picture.is_released:
        return page_from_json(picture.release.page)
    return picture.brief


def library_resources() -> list[LibraryResource]:
    """Every resource that a brief may show, by name."""
    return list(session.scalars(select(LibraryResource).order_by(LibraryResource.name, LibraryResource.id)))


def resource_named(name: str) -> LibraryResource | None:
    """The resource of this name, whatever its capitals."""
    chosen = select(LibraryResource).where(func.lower(LibraryResource.name) == name.lower())
    return session.scalars(chosen.order_by(LibraryResource.id).limit(1)).one_or_none()


def briefs_showing() -> dict[int, int]:
    """How many briefs show each resource, by its id."""
    chosen = select(BriefResource.resource_id, func.count()).group_by(BriefResource.resource_id)
    return {resource_id: count for resource_id, count in session.execute(chosen)}  # noqa: C416 — rows are not pairs to mypy
