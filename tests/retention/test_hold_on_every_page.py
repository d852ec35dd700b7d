"""A hold stands in the frame of every page of its audit, and of no other audit."""

from flask import Flask

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.retention.hold_operations import end_hold, set_hold
from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import crawl
from tests.page_client import PageClient
from tests.row_maker import Maker

HELD = "Set by Ann Lee: nothing of this audit is purged."


def test_a_hold_is_shown_on_every_page_of_the_audit_until_it_ends(app: Flask, client: PageClient) -> None:
    audit = load_demonstration(now=MONDAY_MORNING)
    with transaction():
        set_hold(audit, reason="An inquiry has asked for it.", actor="Ann Lee", now=clock.now())
    here = f"/audits/{audit.id}"
    client.sign_in()
    pages = [page for page in crawl(app, client, here).values() if "audit_id" in page.rule.arguments]
    assert len(pages) > 60
    assert [page.path for page in pages if page.html.count(HELD) != 1] == []
    with transaction():
        end_hold(audit, reason="It has reported.", actor="Ann Lee", now=clock.now())
    assert HELD not in client.get(here).text


def test_a_hold_is_not_shown_on_another_audit(client: PageClient, make: Maker) -> None:
    held, other = (make.audit(cases=1, agencies=1, title=title) for title in ("Neglect", "Transitions"))
    with transaction():
        set_hold(held, reason="An inquiry has asked for it.", actor="Ann Lee", now=clock.now())
    assert HELD in client.get(f"/audits/{held.id}").text
    assert HELD not in client.get(f"/audits/{other.id}").text
