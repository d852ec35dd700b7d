"""Pages of issuing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from tests.issuing.conftest import Queued
from tests.mail_server import ELSEWHERE, OWN_TEXT, use_mail_server
from tests.page_client import PageClient
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def test_the_manager_sees_who_is_asked_reads_an_email_and_issues(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    police = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=15, agencies=[police, *(make.agency() for _ in range(5))], issued=False)
    page = client.get(f"/audits/{audit.id}/issue")
    assert "You are about to ask 6 people for 90 returns." in page.text
    assert "Issue 90 requests" in page.text
    contact = police.contacts[0]
    email = client.get(f"/audits/{audit.id}/issue/emails/{contact.id}")
    assert "audit@police.example" in email.text
    assert "15 returns by 18 December" in email.text
    client.get(f"/audits/{audit.id}/issue")
    done = client.post(f"/audits/{audit.id}/issue")
    assert done.headers["Location"].endswith(f"/audits/{audit.id}")
    assert "90 requests issued. 6 emails on the way." in client.follow(done).text
    client.post(f"/audits/{audit.id}/issue")
    assert len(outbox()) == 6
    assert "Nothing to issue" in client.get(f"/audits/{audit.id}/issue").text
    client.get(f"/audits/{audit.id}/issue/emails/{contact.id}", status=404)


def test_the_preview_shows_the_email_as_mail_programs_do(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Police & <b>Co</b>")], issued=False)
    contact = audit.cases[0].involvements[0].agency.contacts[0]
    page = client.get(f"/audits/{audit.id}/issue/emails/{contact.id}").text
    as_shown = page.partition("As most mail programs show it")[2].partition("As plain text")[0]
    assert "asks Police &amp; &lt;b&gt;Co&lt;/b&gt; to look at its own files for 2 children" in as_shown
    assert "<p>The audit: " in as_shown
    assert "/r/test-copy/" in as_shown
    # The content security policy refuses inline styles.
    assert "style=" not in page


def test_problems_are_shown_first(client: PageClient, make: Maker) -> None:
    audit = make.audit(
        cases=2, agencies=[make.agency("GP practice", contact=None), make.agency()], issued=False
    )
    page = client.get(f"/audits/{audit.id}/issue")
    assert page.text.index("GP practice is ticked and has nobody to ask") < page.text.index(
        "You are about to ask"
    )


def test_an_audit_that_is_not_ready_shows_no_button_and_a_press_shows_why(
    client: PageClient, make: Maker, outbox: Queued, session: Session
) -> None:
    audit = make.audit(issued=False, due_on=date(2026, 11, 30))
    here = f"/audits/{audit.id}/issue"
    assert "Issue 6 requests" in client.get(here).text
    audit.issue_on = date(2026, 11, 20)
    audit.due_on = date(2026, 11, 27)
    session.commit()
    page = client.get(here)
    assert "Returns would be due on Friday 27 November 2026, which has passed." in page.text
    assert "Issue 6 requests" not in page.text
    refused = client.post(here, status=409)
    assert "Returns would be due on Friday 27 November 2026, which has passed." in refused.text
    assert outbox() == []


def test_nothing_is_issued_while_emails_would_leave_with_example_text(
    app: Flask, client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(issued=False)
    here = f"/audits/{audit.id}/issue"
    use_mail_server(
        app, ELSEWHERE, **{**OWN_TEXT, "concern_route": "ring 01234 567891 and tell your manager"}
    )
    page = client.get(here).text
    held = "while the settings hold example text for what to do at once about a concern."
    assert held in page
    assert "Whoever runs surveyapp sets them" in page
    assert "Issue 6 requests" not in page
    assert held in client.post(here, status=409).text
    copy = {"to": "me@northshire.gov.uk", "press": "a" * 12}
    assert held[:-1] in client.post(f"{here}/test-copy", copy, status=409).text
    assert outbox() == []
    use_mail_server(app, ELSEWHERE, **OWN_TEXT)
    client.post(here)
    assert len(outbox()) == 2


def test_requests_are_issued_with_example_text_to_a_mail_server_on_this_machine(
    app: Flask, client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(issued=False)
    use_mail_server(app)
    client.post(f"/audits/{audit.id}/issue")
    assert len(outbox()) == 2


def test_a_long_list_is_read_in_few_statements(client: PageClient, make: Maker, queries: AtMost) -> None:
    small = make.audit(cases=2, agencies=2, issued=False)
    large = make.audit(cases=15, agencies=31, issued=False)
    with queries(20) as few:
        client.get(f"/audits/{small.id}/issue")
    with queries(20) as many:
        client.get(f"/audits/{large.id}/issue")
    assert len(many) == len(few)


def test_a_test_copy_goes_to_the_address_typed_and_to_no_other(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(issued=False)
    page = client.get(f"/audits/{audit.id}/issue")
    assert 'value="audits@partnership.example"' in page.text
    press = page.text.partition('name="press" value="')[2].partition('"')[0]
    client.post(f"/audits/{audit.id}/issue/test-copy", {"to": " me@partnership.example ", "press": press})
    again = client.post(
        f"/audits/{audit.id}/issue/test-copy", {"to": "me@partnership.example", "press": press}
    )
    assert "This was sent already." in client.follow(again).text
    assert [mail.to_addr for mail in outbox()] == ["me@partnership.example"]
    wrong = client.post(f"/audits/{audit.id}/issue/test-copy", {"to": "nobody", "press": press}, status=422)
    assert "“nobody” is not an email address. Enter one" in wrong.text
    assert 'value="nobody"' in wrong.text


def test_a_stranger_issues_nothing(stranger: PageClient, make: Maker, outbox: Queued) -> None:
    audit = make.audit(issued=False)
    stranger.get(f"/audits/{audit.id}/issue", status=302)
    assert outbox() == []
