"""Why a browser may not store a page, and what would allow it."""

from dataclasses import dataclass

from surveyapp.answering.access.code_prompt import CodePrompt, code_prompt
from surveyapp.answering.access.contact_access import DelegationOver, ended_delegation_for_browser
from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature_from_form
from surveyapp.answering.access.pasted_link import pasted_link_error
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.issuing.access_queries import has_ever_had_access, request_with_public_id
from surveyapp.issuing.delegation_queries import open_delegation_from_links
from surveyapp.issuing.models import AuditRequest


@dataclass(frozen=True)
class AccessRefusal:
    """Why this browser may not store the page, and what it needs: a link, a code, or the case back."""

    notice: Notice
    status: int
    asks_link: bool = False
    link_error: str = ""
    code: CodePrompt | None = None
    # A colleague has the case: once it is taken back, the buttons work again.
    is_passed: bool = False

    @property
    def can_save(self) -> bool:
        """Whether pressing the button again, with what the page asks for, can store it."""
        return self.asks_link or self.is_passed or self.code is not None


def access_refusal_of(public_id: str, status: int) -> AccessRefusal | None:
    """Why a page could not be stored; None if we never showed this page to anybody. Sends no code."""
    audit_request = request_of_signed_page(public_id)
    return refusal_of_request(audit_request, status, may_send=False) if audit_request is not None else None


def request_of_signed_page(public_id: str) -> AuditRequest | None:
    """The request of a page that we have shown, as its signature proves; None for any other page."""
    return request_with_public_id(public_id) if page_signature_from_form(public_id) else None


def refusal_of_request(audit_request: AuditRequest, status: int, *, may_send: bool) -> AccessRefusal:
    """Why this browser may not store a page of a request.

    `status` is the HTTP status if the browser holds no link. With `may_send` a code is sent if one is needed.
    """
    code = code_prompt(audit_request.public_id, may_send=may_send)
    if code is not None:
        notice = Notice(
            "This page needs a code from your email. Nothing has been stored yet: your text is below.",
            "Enter the code in the box, then press the button.",
        )
        return AccessRefusal(notice, status, code=code)
    held = grants_in_cookie()
    delegation = open_delegation_from_links(held, audit_request.public_id)
    if delegation is not None:
        notice = Notice(
            f"You passed this to {delegation.colleague}. Nothing has been stored yet: your text is below.",
            "To go on with it, open your returns in another tab, take it back, then press the button here.",
        )
        return AccessRefusal(notice, LinkWithdrawn.status, is_passed=True)
    ended = ended_delegation_for_browser(held, audit_request.public_id)
    if ended is not None:
        return AccessRefusal(
            Notice(DelegationOver(ended).message, LinkWithdrawn.way_on), LinkWithdrawn.status
        )
    if has_ever_had_access(held, audit_request):
        withdrawn = LinkWithdrawn()
        return AccessRefusal(Notice(withdrawn.message, withdrawn.way_on), withdrawn.status)
    notice = Notice(
        "This browser does not hold your link any more. Nothing has been stored yet: your text is below.",
        "Paste the link from your email into the box, then press the button.",
    )
    return AccessRefusal(notice, status, asks_link=True, link_error=pasted_link_error())
