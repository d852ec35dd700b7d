"""Codes as tests have them sent and read them, and the way to the page that asks for one."""

from datetime import timedelta

from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency
from surveyapp.answering.access.codes import code_digits, send_code
from surveyapp.answering.models import Code
from surveyapp.foundation.store.db import session as rows
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def audit_with_code(make: Maker, session: Session, agency: Agency | None = None) -> Audit:
    """An audit of two cases that asks one agency’s contact, by default that of the police, for a code."""
    police = agency or make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=2, agencies=[police])
    audit.ask_for_code = True
    session.commit()
    return audit


def sent_code(grant: Grant, browser: str = "my-browser", *, after: timedelta = timedelta(0)) -> Code:
    """A code sent to a grant's contact, so long after Monday at nine."""
    with transaction():
        return send_code(grant, browser, now=MONDAY_MORNING + after)


def digits(code: Code) -> str:
    """The eight digits of a code, as its email has them."""
    return code_digits(code.random_id, keys().link[0])


def newest_code() -> str:
    """The eight digits of the code that was sent last."""
    code = rows.query(Code).order_by(Code.id.desc()).first()
    assert code is not None
    return digits(code)


def code_page_after_start(person: Person, grant: Grant) -> str:
    """Open the link, press Start and open the page that asks for the code; returns its address."""
    token = token_in(link_for(grant))
    person.browser.get(f"/r/{token}/")
    code_page = person.browser.post("/start/", {"token": token}).headers["Location"]
    person.reads(code_page)
    return str(code_page)
