"""The navigation of the audit to which the page of this request belongs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import current_app, request, url_for
from werkzeug.routing import Rule

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import short_day
from surveyapp.journey.queries import AuditProgress, audit_progress
from surveyapp.journey.steps import JOURNEY, Step, StepPage
from surveyapp.planning.models import Audit
from surveyapp.retention.working_without_returns import KEPT_PAGE, works_without_returns

# What the address of every page of an audit holds; the rest names the page.
_AUDIT_PART = "<int:audit_id>"


@dataclass(frozen=True)
class NavigationItem:
    """A step or a page in the navigation. `current` is the value of aria-current, or empty."""

    words: str
    # How far a step is, how many wait on a page, or when a step becomes possible.
    note: str
    # Empty for what is not possible yet, or not open to the reader.
    href: str
    current: str


@dataclass(frozen=True)
class AuditNavigation:
    """The navigation of one audit: the steps, and the pages of the step on which the reader is."""

    title: str
    href: str
    # Where the audit stands, in a few words.
    standing: str
    is_example: bool
    # Who set the hold that stops every purge; empty without one.
    held_by: str
    steps: tuple[NavigationItem, ...]
    pages: tuple[NavigationItem, ...]

    @property
    def here(self) -> str:
        """The current step and how far it is, on which narrow screens open the list of steps."""
        current = next((step for step in self.steps if step.current), None)
        if current is None:
            return "This audit"
        return f"{current.words}: {current.note}" if current.note else current.words


def audit_navigation(may_open: Callable[[str], bool]) -> AuditNavigation | None:
    """The navigation of the audit in the address of this request; None on pages of no audit.

    `may_open` says of an endpoint whether the reader's roles open it: a step leads to the first of its pages
    that they open, and pages that they do not open are left out.
    """
    audit_id = (request.view_args or {}).get("audit_id")
    audit = session.get(Audit, audit_id) if audit_id is not None else None
    if audit is None or request.url_rule is None:
        return None
    progress = audit_progress(audit, now=clock.now())
    step, page = place_of(request.url_rule)
    return AuditNavigation(
        title=audit.title,
        href=url_for("survey.tracking.show_audit", audit_id=audit.id)
        if may_open("survey.tracking.show_audit")
        else "",
        standing=_standing(progress),
        is_example=audit.is_example,
        held_by=progress.held_by,
        steps=tuple(_step_item(each, progress, may_open, is_here=each is step) for each in JOURNEY),
        pages=tuple(
            _page_item(each, progress, is_here=each is page)
            for each in (step.pages if step else ())
            if _leads_somewhere(each, progress, may_open)
        ),
    )


def place_of(rule: Rule) -> tuple[Step | None, StepPage | None]:
    """The step and the page to which an address belongs: those with the longest beginning of it."""
    address = _after_audit(rule)
    best: tuple[int, Step | None, StepPage | None] = (-1, None, None)
    for step in JOURNEY:
        for page in step.pages:
            for beginning in _addresses_of(page):
                fits = address == beginning or (beginning and address[: len(beginning)] == beginning)
                if fits and len(beginning) > best[0]:
                    best = (len(beginning), step, page)
    return best[1], best[2]


def _addresses_of(page: StepPage) -> list[list[str]]:
    rules = current_app.url_map.iter_rules(f"survey.{page.endpoint}")
    return [*(_after_audit(rule) for rule in rules), *(part.split("/") for part in page.also)]


def _after_audit(rule: Rule) -> list[str]:
    return [part for part in rule.rule.partition(_AUDIT_PART)[2].split("/") if part]


def _step_item(
    step: Step, progress: AuditProgress, may_open: Callable[[str], bool], *, is_here: bool
) -> NavigationItem:
    first = next((page for page in step.pages if _leads_somewhere(page, progress, may_open)), None)
    is_removed = progress.audit.answers_removed_at is not None
    waits = "removed" if is_removed and first is None else step.waits(progress)
    return NavigationItem(
        words=step.name,
        note=waits or step.state(progress),
        href="" if waits or first is None else _address(first, progress),
        current=_current(first or step.pages[0], is_here=is_here),
    )


def _leads_somewhere(page: StepPage, progress: AuditProgress, may_open: Callable[[str], bool]) -> bool:
    """Whether a page is open to the reader, and not about returns that are purged, or not yet purged."""
    endpoint = f"survey.{page.endpoint}"
    is_removed = progress.audit.answers_removed_at is not None
    shows = works_without_returns(endpoint) if is_removed else endpoint != KEPT_PAGE
    return shows and may_open(endpoint)


def _page_item(page: StepPage, progress: AuditProgress, *, is_here: bool) -> NavigationItem:
    count = page.count(progress) if page.count else 0
    return NavigationItem(
        words=page.words,
        note=f"{count:,}" if count else "",
        href=_address(page, progress),
        current=_current(page, is_here=is_here),
    )


def _address(page: StepPage, progress: AuditProgress) -> str:
    return url_for(f"survey.{page.endpoint}", audit_id=progress.audit.id)


def _current(page: StepPage, *, is_here: bool) -> str:
    """The value of aria-current: “page” for the very page, “true” for one below it."""
    if not is_here:
        return ""
    return "page" if request.endpoint == f"survey.{page.endpoint}" else "true"


def _standing(progress: AuditProgress) -> str:
    audit = progress.audit
    if not audit.is_issued:
        return "being set up"
    if progress.closed:
        ended_at = audit.answers_end_at
        return (
            f"returns closed on {_day(clock.local_day(ended_at), progress)}" if ended_at else "returns closed"
        )
    return f"returns close on {_day(audit.close_on, progress)}" if audit.close_on else "returns are open"


def _day(day: date, progress: AuditProgress) -> str:
    return short_day(day, today=progress.today)
