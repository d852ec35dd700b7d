"""Which roles of staff may open which page (stories SA2); what is not listed here opens to nobody.

A business manager runs audits. An audit lead reads results and writes what follows from them, without names
and links of contacts. An executive reads released outputs, rates and the action plan, and approves; no page
for executives shows a case. An administrator looks after mail and staff, and sees no answers. Somebody may
have several roles. tests/contracts/roles.txt lists every address with its roles.
"""

from collections.abc import Collection

from flask import g, request

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.actor import roles_in_words

_MANAGER, _LEAD, _EXECUTIVE, _ADMINISTRATOR = "business_manager", "audit_lead", "executive", "administrator"

# The roles that open the pages of each part, by its blueprint.
_PARTS: dict[str, tuple[str, ...]] = {
    "agencies": (_MANAGER,),
    "planning": (_MANAGER,),
    "issuing": (_MANAGER,),
    "involvement": (_MANAGER,),
    "calling": (_MANAGER,),
    "keying": (_MANAGER,),
    "handing_over": (_MANAGER,),
    "sampling": (_MANAGER,),
    "diary": (_MANAGER, _LEAD, _EXECUTIVE),
    "chasing": (_MANAGER,),
    "closing": (_MANAGER,),
    "tracking": (_MANAGER,),
    "archive": (_MANAGER,),
    "defining": (_MANAGER,),
    "exports": (_MANAGER, _LEAD),
    "collating": (_MANAGER, _LEAD),
    "gathering": (_MANAGER, _LEAD),
    "concluding": (_MANAGER, _LEAD),
    "report": (_MANAGER, _LEAD),
    "brief": (_MANAGER, _LEAD),
    "meeting": (_MANAGER, _LEAD, _EXECUTIVE),
    "mail": (_MANAGER, _ADMINISTRATOR),
    # Letters to contacts hold their links, which open answers: they are not for administrators.
    "mail_folder": (_MANAGER,),
    "closed_days": (_MANAGER, _ADMINISTRATOR),
    "example": (_MANAGER, _ADMINISTRATOR),
    "log": (_MANAGER, _ADMINISTRATOR),
    "accounts": (_ADMINISTRATOR,),
    "own_passkeys": (_MANAGER, _LEAD, _EXECUTIVE, _ADMINISTRATOR),
    "own_account": (_MANAGER, _LEAD, _EXECUTIVE, _ADMINISTRATOR),
}
# Pages that open to other roles than the rest of their part.
_PAGES: dict[str, tuple[str, ...]] = {
    "tracking.list_audits": (_MANAGER, _LEAD, _EXECUTIVE, _ADMINISTRATOR),
    "tracking.show_agencies_outstanding": (_MANAGER, _LEAD, _EXECUTIVE),
    "tracking.download_agencies_outstanding": (_MANAGER, _LEAD, _EXECUTIVE),
    "planning.show_programme": (_MANAGER, _LEAD, _EXECUTIVE),
    "planning.show_theme": (_MANAGER, _LEAD, _EXECUTIVE),
    "planning.approve_theme": (_EXECUTIVE,),
    "sampling.show_sample": (_MANAGER, _EXECUTIVE),
    "sampling.approve_sample": (_EXECUTIVE,),
    "defining.list_forms": (_MANAGER, _LEAD),
    "defining.preview_form": (_MANAGER, _LEAD),
    # The archive of everything has the log and the list of emails; this one has neither.
    "archive.download_results": (_MANAGER, _LEAD),
    "concluding.show_action_plan": (_MANAGER, _LEAD, _EXECUTIVE),
    "concluding.show_action": (_MANAGER, _LEAD, _EXECUTIVE),
    "concluding.list_overdue_actions": (_MANAGER, _LEAD, _EXECUTIVE),
    "concluding.show_recurring": (_MANAGER, _LEAD, _EXECUTIVE),
    "concluding.download_recurring": (_MANAGER, _LEAD, _EXECUTIVE),
    "report.show_report_release": (_MANAGER, _LEAD, _EXECUTIVE),
    "report.answer_report_findings": (_MANAGER, _LEAD, _EXECUTIVE),
    "report.approve_report": (_EXECUTIVE,),
    "report.send_back_report": (_EXECUTIVE,),
    "report.draft_report_as_pdf": (_MANAGER, _LEAD, _EXECUTIVE),
    "report.released_report_as_pdf": (_MANAGER, _LEAD, _EXECUTIVE),
    "report.download_report_as_pdf": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.show_brief_release": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.answer_findings": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.approve_brief": (_EXECUTIVE,),
    "brief.send_back_brief": (_EXECUTIVE,),
    "brief.show_brief_picture": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.brief_as_pdf": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.released_as_pdf": (_MANAGER, _LEAD, _EXECUTIVE),
    "brief.released_as_slide": (_MANAGER, _LEAD, _EXECUTIVE),
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
    """Let in who may open the page of this request; it runs after guard_staff(). Raises WrongRole."""
    if request.endpoint is not None and not may_open(request.endpoint):
        raise WrongRole(roles_for(request.endpoint))
