"""What is pressed on the release page of a report or brief: answers, asking, approving, sending back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.checks.posted_reasons import posted_reasons
from surveyapp.checks.proposals.operations import send_back, withdraw_proposal
from surveyapp.checks.proposals.send_back_form import SendBackForm
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

_LONGEST_MARK = 64


@dataclass(frozen=True)
class ReleasePage:
    """The release page of a “report” or “brief”, and the operations that differ between the two.

    `page` draws it: an audit’s id, then by name `reasons`, as typed, by the marks of their flags;
    `sending_back`, a form with its errors; and `refused`, why the last press was refused. The operations take
    `actor` and `now` by name; `propose` and `release` also `seen`, the content that the page showed, and
    `release` the `roles` of whoever presses.
    """

    document: str
    endpoint: str
    page: Callable[..., str]
    keep_flags: Callable[..., int]
    take_back_answer: Callable[..., bool]
    propose: Callable[..., object]
    release: Callable[..., object]

    def answer(self, audit_id: int) -> ResponseReturnValue:
        """Save answers to flags, or take one answer back."""
        session.get_one(Audit, audit_id)
        acting = actor_and_now()
        if "take-back" in request.form:
            with transaction():
                mark = clean_text(request.form["take-back"])[:_LONGEST_MARK]
                is_taken_back = self.take_back_answer(audit_id, mark, **acting)
            return self._back(
                audit_id, "The answer is taken back." if is_taken_back else "There was no answer."
            )
        reasons = posted_reasons(request.form)
        try:
            with transaction():
                answered = self.keep_flags(audit_id, reasons, **acting)
        except Refused as error:
            return self.page(audit_id, reasons=reasons, refused=error), error.status
        answers_kept = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
        return self._back(audit_id, answers_kept if answered else "No reason was given, so nothing is kept.")

    def ask(self, audit_id: int) -> ResponseReturnValue:
        """Ask executives to approve what the page showed."""
        return self._press(
            audit_id,
            lambda: self.propose(audit_id, seen=_content_seen(), **actor_and_now()),
            done="Approval is asked for. An executive sees it under “Needs you today”.",
        )

    def withdraw(self, audit_id: int) -> ResponseReturnValue:
        """Take back the request for approval."""
        return self._press(
            audit_id,
            lambda: withdraw_proposal(audit_id, self.document, **actor_and_now()),
            done="Nobody is asked for approval any more.",
        )

    def approve(self, audit_id: int) -> ResponseReturnValue:
        """Approve and release what the page showed, in the name of the executive who is signed in."""
        roles = acting_staff().roles
        return self._press(
            audit_id,
            lambda: self.release(audit_id, seen=_content_seen(), roles=roles, **actor_and_now()),
            done=f"The {self.document} is released.",
        )

    def send_back(self, audit_id: int) -> ResponseReturnValue:
        """Send it back to whoever asked for approval, with a reason."""
        form = SendBackForm()
        if not form.validate():
            return self.page(audit_id, sending_back=form), 422
        reason, roles = form.reason.data or "", acting_staff().roles
        return self._press(
            audit_id,
            lambda: send_back(audit_id, self.document, reason=reason, roles=roles, **actor_and_now()),
            done=f"The {self.document} is sent back, with your reason.",
        )

    def _press(self, audit_id: int, operation: Callable[[], object], *, done: str) -> ResponseReturnValue:
        """Do what was pressed and go back to the page; the page again, with the reason, if it is refused."""
        try:
            with transaction():
                operation()
        except Refused as error:
            return self.page(audit_id, refused=error), error.status
        return self._back(audit_id, done)

    def _back(self, audit_id: int, message: str) -> ResponseReturnValue:
        flash(message, "success")
        return redirect(url_for(self.endpoint, audit_id=audit_id), 303)


def _content_seen() -> str:
    return request.form.get("content", "")
