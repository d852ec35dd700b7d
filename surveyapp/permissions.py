"""Which roles of staff may open which page (stories SA2); what is not listed here opens to nobody.

A business manager runs audits. An audit lead reads results and writes what follows from them, without names
and links of contacts. An executive reads released outputs, rates and the action plan, and approves; no page
for executives shows a case. An administrator looks after mail and staff, and sees no answers. Somebody may
have several roles. tests/contracts/roles.txt lists every address with its roles.
"""

from collections.abc import Collection
from datetime import timedelta

from flask import g, request

from surveyapp.foundation import clock
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import session as database
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import record_event_once
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.actor import (
    ADMINISTRATOR,
    AUDIT_LEAD,
    BUSINESS_MANAGER,
    EXECUTIVE,
    roles_in_words,
)

_HOUR = timedelta(hours=1)
# The roles that open the pages of each part, by its blueprint.
_PARTS: dict[str, tuple[str, ...]] = {
    "agencies": (BUSINESS_MANAGER,),
    "planning": (BUSINESS_MANAGER,),
    "issuing": (BUSINESS_MANAGER,),
    "involvement": (BUSINESS_MANAGER,),
    "calling": (BUSINESS_MANAGER,),
    "keying": (BUSINESS_MANAGER,),
    "handing_over": (BUSINESS_MANAGER,),
    "sampling": (BUSINESS_MANAGER,),
    "diary": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "chasing": (BUSINESS_MANAGER,),
    "closing": (BUSINESS_MANAGER,),
    "tracking": (BUSINESS_MANAGER,),
    "archive": (BUSINESS_MANAGER,),
    # Counts and days only: an administrator, who sees no answers, looks after what is kept how long too.
    "retention": (BUSINESS_MANAGER, ADMINISTRATOR),
    "defining": (BUSINESS_MANAGER,),
    "exports": (BUSINESS_MANAGER, AUDIT_LEAD),
    "collating": (BUSINESS_MANAGER, AUDIT_LEAD),
    "gathering": (BUSINESS_MANAGER, AUDIT_LEAD),
    "concluding": (BUSINESS_MANAGER, AUDIT_LEAD),
    "report": (BUSINESS_MANAGER, AUDIT_LEAD),
    "brief": (BUSINESS_MANAGER, AUDIT_LEAD),
    "meeting": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "mail": (BUSINESS_MANAGER, ADMINISTRATOR),
    # Letters to contacts hold their links, which open answers: they are not for administrators.
    "mail_folder": (BUSINESS_MANAGER,),
    "closed_days": (BUSINESS_MANAGER, ADMINISTRATOR),
    "example": (BUSINESS_MANAGER, ADMINISTRATOR),
    "log": (BUSINESS_MANAGER, ADMINISTRATOR),
    "governance": (BUSINESS_MANAGER, ADMINISTRATOR),
    "subject_access": (BUSINESS_MANAGER,),
    "accounts": (ADMINISTRATOR,),
    "own_passkeys": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE, ADMINISTRATOR),
    "own_account": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE, ADMINISTRATOR),
}
# Pages that open to other roles than the rest of their part.
_PAGES: dict[str, tuple[str, ...]] = {
    "tracking.list_audits": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE, ADMINISTRATOR),
    "tracking.show_agencies_outstanding": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "tracking.download_agencies_outstanding": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "planning.show_programme": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "planning.show_theme": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "planning.approve_theme": (EXECUTIVE,),
    "sampling.show_sample": (BUSINESS_MANAGER, EXECUTIVE),
    "sampling.approve_sample": (EXECUTIVE,),
    "defining.list_forms": (BUSINESS_MANAGER, AUDIT_LEAD),
    "defining.preview_form": (BUSINESS_MANAGER, AUDIT_LEAD),
    "retention.show_kept": (BUSINESS_MANAGER, AUDIT_LEAD),
    # The archive of everything has the log and the list of emails; this one has neither.
    "archive.download_results": (BUSINESS_MANAGER, AUDIT_LEAD),
    "concluding.show_action_plan": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "concluding.show_action": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "concluding.list_overdue_actions": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "concluding.show_recurring": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "concluding.download_recurring": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "report.show_report_release": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "report.answer_report_findings": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "report.approve_report": (EXECUTIVE,),
    "report.send_back_report": (EXECUTIVE,),
    "report.draft_report_as_pdf": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "report.released_report_as_pdf": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "report.download_report_as_pdf": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.show_brief_release": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.answer_findings": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.approve_brief": (EXECUTIVE,),
    "brief.send_back_brief": (EXECUTIVE,),
    "brief.show_brief_picture": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.brief_as_pdf": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.released_as_pdf": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
    "brief.released_as_slide": (BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE),
}


class WrongRole(SurveyError):
    """The page is not open to any role of the person who is signed in."""

    status = 403
    way_on = "An administrator of the partnership can give you another role."

    def __init__(self, roles: Collection[str]) -> None:
        """Name the roles for which the page is."""
        super().__init__(f"This page is for the {roles_in_words(frozenset(roles)).lower() or 'nobody'}.")


def roles_for(endpoint: str) -> frozenset[str]:
    """The roles that open a page of staff, by its endpoint; none for a page that is not listed."""
    page = endpoint.removeprefix("survey.")
    part = page.rpartition(".")[0].rpartition(".")[2] or page.partition(".")[0]
    return frozenset(_PAGES.get(page, _PARTS.get(part, ())))


def may_open(endpoint: str) -> bool:
    """Whether the person who is signed in may open a page; nobody is on the page that says who may not."""
    return "survey_actor" in g and bool(acting_staff().roles & roles_for(endpoint))


def guard_roles() -> None:
    """Let in who may open the page of this request; it runs after guard_staff().

    Raises WrongRole, after an event: at most one an hour for each person and page.
    """
    if request.endpoint is not None and not may_open(request.endpoint):
        now, page = clock.now(), f"page {request.endpoint.removeprefix('survey.')}"
        database.rollback()
        with transaction():
            record_event_once(acting_staff().name, "refused_page", page, since=now - _HOUR, now=now)
        raise WrongRole(roles_for(request.endpoint))
