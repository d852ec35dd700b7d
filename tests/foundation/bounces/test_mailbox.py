"""The mailbox is read over TLS only from a server whose certificate is trusted and bears its name."""

from collections.abc import Iterator

import pytest
from flask import Flask

from surveyapp.foundation import clock as the_clock
from surveyapp.foundation.bounces.operations import mailbox_row, read_bounces
from surveyapp.foundation.store.models import Outbox
from tests.foundation.bounces.certificates import Certificate, certificate_for
from tests.foundation.bounces.conftest import set_mailbox
from tests.foundation.bounces.dovecot import ImapServer, running_dovecot
from tests.foundation.bounces.messages import dsn
from tests.page_client import PageClient


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_for("127.0.0.1", tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def secure_server(certificate: Certificate) -> Iterator[ImapServer]:
    """A server that answers over TLS too."""
    with running_dovecot(certificate) as server:
        yield server


@pytest.fixture
def secure_imap(app: Flask, secure_server: ImapServer) -> ImapServer:
    """A server with an empty mailbox, which the app is set to read over TLS."""
    server = secure_server.with_empty_mailbox()
    set_mailbox(app, bounce_port=server.tls_port, bounce_tls=True, bounce_user=server.user)
    return server


@pytest.fixture
def trusts_authority(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL trusts the test's authority, as a machine trusts those of its certificate store."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))


@pytest.mark.usefixtures("trusts_authority")
def test_a_report_is_read_over_tls_from_a_server_with_a_trusted_certificate(
    secure_imap: ImapServer, sent: Outbox
) -> None:
    secure_imap.append(dsn(sent.message_id))
    assert read_bounces(the_clock.now) == 1
    assert mailbox_row().reason == ""


def test_a_server_whose_certificate_nobody_trusts_is_not_read_and_a_sentence_says_why(
    secure_imap: ImapServer, sent: Outbox, client: PageClient
) -> None:
    secure_imap.append(dsn(sent.message_id))
    assert read_bounces(the_clock.now) == 0
    assert mailbox_row().reason == "it cannot be reached, or its certificate is not trusted"
    assert secure_imap.unread() == 1
    assert "it cannot be reached, or its certificate is not trusted" in client.get("/mail").text


@pytest.mark.usefixtures("trusts_authority")
def test_a_trusted_certificate_of_another_name_is_refused(
    secure_imap: ImapServer, sent: Outbox, app: Flask
) -> None:
    set_mailbox(
        app,
        bounce_host="localhost",
        bounce_port=secure_imap.tls_port,
        bounce_tls=True,
        bounce_user=secure_imap.user,
    )
    secure_imap.append(dsn(sent.message_id))
    assert read_bounces(the_clock.now) == 0
    assert mailbox_row().reason == "it cannot be reached, or its certificate is not trusted"


@pytest.mark.usefixtures("trusts_authority")
def test_a_server_that_answers_without_tls_is_told_no_password(secure_imap: ImapServer, app: Flask) -> None:
    set_mailbox(app, bounce_port=secure_imap.port, bounce_tls=True)
    assert read_bounces(the_clock.now) == 0
    assert mailbox_row().reason == "it cannot be reached, or its certificate is not trusted"
