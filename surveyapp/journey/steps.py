"""The steps of an audit’s journey and their pages, in the order in which the navigation lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import short_day
from surveyapp.foundation.words.shares import counted
from surveyapp.journey.queries import AuditProgress

_AFTER_ISSUE = "after issue"


@dataclass(frozen=True)
class StepPage:
    """A page of a step in the navigation.

    `endpoint` is without “survey.”. The pages below its address belong to it too, and those below `also`,
    addresses after that of the audit. `count` is what waits on the page; nothing is shown for 0.
    """

    words: str
    endpoint: str
    also: tuple[str, ...] = ()
    count: Callable[[AuditProgress], int] | None = None


@dataclass(frozen=True)
class Step:
    """A step of the journey; its first page is the one that it leads to."""

    name: str
    # How far the step is, in a few words, or nothing.
    state: Callable[[AuditProgress], str]
    # When the step becomes possible; empty once it is.
    waits: Callable[[AuditProgress], str]
    pages: tuple[StepPage, ...]


def _never(_progress: AuditProgress) -> str:
    return ""


def _until_issue(progress: AuditProgress) -> str:
    return "" if progress.audit.is_issued else _AFTER_ISSUE


def _until_issue_day(progress: AuditProgress) -> str:
    issue_on = progress.audit.issue_on
    if progress.audit.is_issued:
        return ""
    return (
        f"from {short_day(issue_on, today=progress.today)}"
        if issue_on and issue_on > progress.today
        else _AFTER_ISSUE
    )


def _until_a_return(progress: AuditProgress) -> str:
    return "" if progress.returned else "after the first return"


def _set_up(progress: AuditProgress) -> str:
    return "done" if progress.audit.is_issued else counted(progress.cases, "case")


def _returned(progress: AuditProgress) -> str:
    return f"{progress.returned:,} of {progress.requests:,}"


def _read(progress: AuditProgress) -> str:
    comments = progress.comments
    return f"{comments.count:,} of {comments.of:,} read" if comments.of else ""


def _findings(progress: AuditProgress) -> str:
    return counted(progress.findings, "finding") if progress.findings else ""


def _released(moment: datetime | None, progress: AuditProgress) -> str:
    return f"released {short_day(local_day(moment), today=progress.today)}" if moment else ""


JOURNEY = (
    Step(
        "Set up",
        _set_up,
        _never,
        (
            StepPage("Overview", "planning.show_set_up", also=("copy", "delete")),
            StepPage("Details and dates", "planning.change_audit"),
            StepPage("Theme", "planning.show_theme"),
            StepPage("Sample", "sampling.show_sample"),
            StepPage("Cases", "planning.list_cases", count=lambda progress: progress.cases),
            StepPage("Who knew which child", "planning.show_grid", also=("cases/<int:case_id>/agencies",)),
            StepPage("Involvement check", "involvement.show_check"),
            StepPage("References", "planning.show_references"),
            StepPage("Check and issue", "issuing.before_issue"),
        ),
    ),
    Step(
        "Returns",
        _returned,
        _until_issue_day,
        (
            StepPage("Grid", "tracking.show_audit", also=("requests", "links")),
            StepPage(
                "Outstanding",
                "tracking.show_outstanding",
                also=("contacts",),
                count=lambda progress: progress.outstanding,
            ),
            StepPage("Chasers", "chasing.show_chasers"),
            StepPage("Calendar", "diary.show_calendar"),
            StepPage("Questions", "tracking.list_enquiries", count=lambda progress: progress.enquiries),
            StepPage("Concerns", "tracking.show_concerns", count=lambda progress: progress.concerns),
            StepPage("By agency and case", "tracking.show_totals"),
            StepPage("Close", "closing.show_close", also=("extend", "reopen")),
        ),
    ),
    Step(
        "Collation",
        _never,
        _until_a_return,
        (
            StepPage("All cases", "collating.show_collation"),
            StepPage("Disagreement", "collating.show_disagreement"),
            StepPage("Then and now", "collating.show_then_and_now"),
            StepPage("Compare", "collating.show_comparison"),
            StepPage("Benchmark", "collating.show_benchmark"),
        ),
    ),
    Step(
        "Voices",
        _read,
        _until_issue,
        (
            StepPage("Overview", "gathering.show_voices", also=("workshops", "narratives")),
            StepPage("Comments", "gathering.show_comments"),
            StepPage("Themes", "gathering.show_themes"),
            StepPage("Quotes", "gathering.list_quotes"),
            StepPage("Families", "gathering.list_families"),
        ),
    ),
    Step(
        "Conclusions",
        _findings,
        _until_issue,
        (
            StepPage("Findings", "concluding.show_conclusions", also=("findings", "recommendations")),
            StepPage("Action plan", "concluding.show_action_plan"),
            StepPage("Before the meeting", "meeting.show_before_meeting"),
            StepPage("Next audit", "concluding.plan_re_audit"),
        ),
    ),
    Step(
        "Report",
        lambda progress: _released(progress.report_released_at, progress),
        _until_issue,
        (
            StepPage("Sections", "report.show_report"),
            StepPage("Details", "report.change_details"),
            StepPage("Word template", "report.change_template"),
            StepPage("Release", "report.show_report_release"),
        ),
    ),
    Step(
        "Brief",
        lambda progress: _released(progress.brief_released_at, progress),
        _until_issue,
        (StepPage("Text", "brief.show_brief"), StepPage("Release", "brief.show_brief_release")),
    ),
    Step(
        "Keep and purge",
        lambda progress: "returns purged" if progress.audit.answers_removed_at else "",
        _until_issue,
        (
            StepPage("What is kept", "retention.show_kept"),
            StepPage(
                "How long it is kept",
                "retention.show_retention",
            ),
        ),
    ),
)
