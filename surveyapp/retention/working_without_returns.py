"""Which pages of an audit still work once its returns are purged."""

KEPT_PAGE = "survey.retention.show_kept"
# Pages that work without returns and cases, since they are about what is kept.
_WORKING_PAGES = frozenset(
    f"survey.{page}"
    for page in (
        "retention.show_kept",
        "retention.show_retention",
        "retention.change_days",
        "retention.set_hold",
        "retention.end_hold",
        "retention.delete_issued_audit",
        # What an open page of the audit asks every minute: its counts are among those kept.
        "tracking.follow_audit",
        "planning.copy_audit",
        "planning.show_theme",
        "planning.set_audit_aside",
        "planning.bring_audit_back",
        "collating.show_then_and_now",
        "collating.show_comparison",
        "collating.show_benchmark",
        "collating.change_benchmark",
        "collating.remove_benchmark",
        "concluding.show_action_plan",
        "concluding.show_action",
        "concluding.update_action",
        "concluding.add_action",
        "concluding.change_action",
        "concluding.remove_action",
        "concluding.plan_review",
        "concluding.plan_re_audit",
        "report.released_report_as_pdf",
        "brief.released_as_pdf",
        "brief.released_as_slide",
    )
)


def works_without_returns(endpoint: str) -> bool:
    """Whether a page of an audit still works once its returns are purged; `endpoint` with “survey.”."""
    return endpoint in _WORKING_PAGES
