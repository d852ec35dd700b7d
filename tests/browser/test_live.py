"""The page of an open audit follows by itself, rests while it is hidden, and needs no script."""

import os
from datetime import timedelta

from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from tests.browser.installation import Installation
from tests.browser.people import Manager
from tests.browser.test_what_only_a_browser_shows import audit_number
from tests.row_maker import Maker


def test_an_open_page_follows_while_it_is_seen(
    manager: Manager, make: Maker, installation: Installation
) -> None:
    name = f"Police {os.urandom(3).hex()}"
    agency = make.agency(name)
    due_on = installation.today + timedelta(days=7)
    audit = make.audit(cases=3, agencies=[agency], due_on=due_on, close_on=due_on + timedelta(days=30))
    number = audit_number(audit)
    page, asked = manager.page, []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    page.clock.install()
    manager.opens(f"/audits/{number}")
    manager.reads("0 of 3 returned (0%)")
    link = manager.cell("Child 1", name).get_by_role("link")
    link.focus()
    make.returned(make.requests(audit)[0])
    session.rollback()
    page.clock.run_for(16_000)
    expect(page.get_by_text("1 of 3 returned (33.3%)")).to_be_visible()
    expect(link).to_contain_text("returned")
    expect(link).to_be_focused()
    manager.looks()
    # A tab in the background asks nothing.
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    before = len(asked)
    page.clock.run_for(120_000)
    assert len(asked) == before
    make.returned(make.requests(audit)[1])
    session.rollback()
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => false});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.get_by_text("2 of 3 returned (66.7%)")).to_be_visible()
