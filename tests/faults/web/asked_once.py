"""A contact with one request open in a browser, for tests that fail the database as they press Save."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import add_working_days
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.faults.conftest import FaultInstallation
from tests.faults.served.visitor import PageResponse, Visitor
from tests.faults.web.returning_contacts import ANSWERS
from tests.row_maker import Maker


class AskedOnce:
    """A contact with one request, and what is stored about it."""

    def __init__(self, installation: FaultInstallation, **audit_facts: Any) -> None:
        self.installation = installation
        with installation.app.app_context():
            now = clock.now()
            make, due_on = Maker(now), add_working_days(clock.local_day(now), 10)
            last_day = due_on + timedelta(days=28)
            # A test may ask several, whose names and addresses have to differ.
            mark = secrets.token_hex(4)
            agency = make.agency(f"Agency {mark}", contact=f"lead-{mark}@agency.example")
            audit = make.audit(
                cases=1, agencies=[agency], title=f"Audit {mark}", due_on=due_on, close_on=last_day
            )
            for name, fact in audit_facts.items():
                setattr(audit, name, fact)
            session.commit()
            (grant,), (asked,) = make.grants(audit), make.requests(audit)
            self.audit_id, self.grant_id, self.request_id = audit.id, grant.id, asked.id
            self.link, self.email, self.page = (
                link_for(grant),
                grant.contact.email,
                f"/returns/{asked.public_id}/",
            )
            session.rollback()

    def opens_the_form(self, port: int) -> Visitor:
        """A browser with the form on its page."""
        browser = Visitor(port)
        browser.starts(self.link)
        assert browser.get(self.page).status == 200
        return browser

    def saves(self, browser: Visitor, words: str, next_step: str = "save") -> PageResponse:
        """Press Save, or with “check” the button that leads to the check page."""
        return browser.post(self.page, **ANSWERS, supervision_comment=words, next_step=next_step)

    def revisions(self) -> list[tuple[str, str]]:
        """Every revision with a text: its kind and the text, oldest first."""

        def rows(db: Any) -> list[tuple[str, str]]:
            found = (
                select(Revision.kind, Answer.text)
                .join(Answer, Answer.revision_id == Revision.id)
                .join(Return, Return.id == Revision.return_id)
                .where(Return.request_id == self.request_id, Answer.text.is_not(None))
                .order_by(Revision.id)
            )
            return [(kind, text) for kind, text in db.execute(found)]

        stored: list[tuple[str, str]] = self.installation.ask(rows)
        return stored


def says_could_not_save(answer: PageResponse, words: str) -> bool:
    """Whether a page says that it could not save, when to try again, and still has the text (promises D1)."""
    return (
        answer.status == 503
        and answer.headers["Retry-After"] is not None
        and "Could not save just now" in answer.words
        and answer.boxes.get("supervision-comment") == words
    )
