import re

from flask import Flask

from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import Email, MailKind, queue_email
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient

LINK = f"http://127.0.0.1:5000/r/{'a' * 50}/"


def send(app: Flask, count: int = 1) -> None:
    def word(_subject: int, to: str) -> Email:
        return Email("test", to=to, words={"partnership": f"Bury <Partnership>\n{LINK}\n"})

    app.extensions["survey"].mail_kinds["letter"] = MailKind("letter", "hold", lambda _subject: None, word)
    with transaction():
        for number in range(1, count + 1):
            queue_email(
                "letter", number, to=f"a{number}@agency.example", key=f"letter:{number}", now=MONDAY_MORNING
            )
    assert drain(clock.now).total() == count


def test_a_stranger_reads_no_mail(stranger: PageClient) -> None:
    for path in ("/mail/folder", "/mail/folder/1"):
        assert "/sign-in" in stranger.get(path, status=302).headers["Location"]


def test_an_empty_folder_says_so(client: PageClient) -> None:
    assert "There is none yet." in client.get("/mail/folder").get_data(as_text=True)


def test_the_newest_message_stands_first(app: Flask, client: PageClient) -> None:
    send(app, 12)
    shown = client.get("/mail/folder").get_data(as_text=True)
    assert "12 messages, newest first." in shown
    assert (
        shown.index("a12@agency.example")
        < shown.index("a9@agency.example")
        < shown.index("a1@agency.example")
    )


def test_a_message_shows_its_words_headers_and_link(app: Flask, client: PageClient) -> None:
    send(app)
    shown = client.get("/mail/folder/1").get_data(as_text=True)
    assert f'<a class="govuk-link" href="{LINK}">{LINK}</a>' in shown
    assert "Bury &lt;Partnership&gt;" in shown
    assert "Auto-Submitted" in shown
    assert re.search(r"<dd[^>]*>\w+ \d+ \w+ \d{4} at \d+:\d\d[ap]m</dd>", shown)


def test_a_missing_message_is_not_found(client: PageClient) -> None:
    client.get("/mail/folder/4711", status=404)
    client.get("/mail/folder/..%2Fkeys", status=404)


def test_the_mail_page_leads_to_the_folder(client: PageClient) -> None:
    assert 'href="/mail/folder"' in client.get("/mail").get_data(as_text=True)
