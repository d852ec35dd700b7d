"""A mailbox on a real IMAP server, and an app that reads it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.foundation.bounces.dovecot import PASSWORD, USER, ImapServer, running_dovecot
from tests.foundation.conftest import Post, mail, post

__all__ = ["mail", "post"]

Mail = Callable[[], Outbox]


@pytest.fixture
def sent(post: Post, mail: Mail) -> Outbox:
    """An email that a mail server has accepted."""
    post.queue()
    with transaction():
        mail().state = "sent"
    return mail()


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    """A server for all tests of this process, since it takes two seconds to start and to stop."""
    with running_dovecot() as server:
        yield server


@pytest.fixture
def imap(app: Flask, imap_server: ImapServer) -> ImapServer:
    """A server with an empty mailbox, which the app is set to read."""
    server = imap_server.with_empty_mailbox()
    set_mailbox(app, bounce_port=server.port, bounce_user=server.user)
    return server


def set_mailbox(app: Flask, **changed: object) -> None:
    """Set the app to read the test's mailbox, with these settings in place of its own."""
    state = app.extensions["survey"]
    chosen = {
        "bounce_host": "127.0.0.1",
        "bounce_tls": False,
        "bounce_user": USER,
        "bounce_password": PASSWORD,
        **changed,
    }
    app.extensions["survey"] = replace(state, settings=replace(state.settings, **chosen))
