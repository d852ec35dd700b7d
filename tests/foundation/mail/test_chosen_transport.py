"""While settings hold example text, no email leaves this machine; none is lost, and all leave afterwards."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_mail import Mail as FlaskMail
from flask_sqlalchemy import SQLAlchemy

from surveyapp import SurveyApp
from surveyapp.foundation import clock
from surveyapp.foundation.mail.chosen_transport import (
    ExampleTextLeft,
    check_text_is_own,
    configured_transport,
    stays_on_this_machine,
)
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.folder_transport import FolderTransport
from surveyapp.foundation.mail.smtp_transport import SmtpTransport
from surveyapp.foundation.mail.status import mail_trouble, public_mail_trouble
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.faults.conftest import Sinkhole
from tests.foundation.conftest import Post
from tests.mail_server import ELSEWHERE, OWN_TEXT, use_mail_server
from tests.page_client import PageClient

Mail = Callable[[], Outbox]
HELD = (
    "No email leaves this machine while the settings hold example text "
    "for what to do at once about a concern."
)


def example_route(app: Flask, server: str = ELSEWHERE) -> None:
    """Everything is set but the route for a child in danger."""
    own_text = {name: text for name, text in OWN_TEXT.items() if name != "concern_route"}
    use_mail_server(app, server, **own_text)


def banner() -> str:
    """The words of the banner on staff pages."""
    trouble = mail_trouble(MONDAY_MORNING)
    assert trouble is not None
    return trouble.words


def test_mail_is_held_and_its_server_not_even_looked_up(app: Flask, post: Post, mail: Mail) -> None:
    example_route(app)
    for kind in ("letter", "parcel"):
        post.queue(kind=kind)
        assert drain(clock.now) == {}
        assert (mail().state, mail().attempts, mail().last_text) == ("queued", 0, "")
    assert switches().mail_failures == 0, "A server that is looked up in vain counts as a failure."
    assert banner() == f"{HELD} 2 messages queued."
    assert "SURVEY" not in public_mail_trouble(MONDAY_MORNING)


def test_held_mail_is_tried_once_the_settings_are_set(app: Flask, post: Post) -> None:
    example_route(app)
    post.queue()
    drain(clock.now)
    use_mail_server(app, ELSEWHERE, **OWN_TEXT)
    assert drain(clock.now) == {"waiting": 1}
    assert "no server has the name in our settings" in banner()


def test_a_mail_server_on_this_machine_takes_mail_with_example_text(
    app: Flask, post: Post, mail: Mail, tmp_path: Path
) -> None:
    sink = Sinkhole(tmp_path / "sink")
    try:
        use_mail_server(app, "127.0.0.1")
        app.extensions["mail"].port = sink.port
        post.queue()
        assert drain(clock.now) == {"sent": 1}
        assert [message.to for message in sink.accepted] == [mail().to_addr]
    finally:
        sink.stop()


def test_the_folder_takes_mail_with_example_text(app: Flask, post: Post) -> None:
    app.extensions["mail"].server = ELSEWHERE
    assert isinstance(configured_transport(), FolderTransport)
    post.queue()
    assert drain(clock.now) == {"sent": 1}
    assert len(post.folder) == 1


@pytest.mark.parametrize(
    ("server", "stays"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), (ELSEWHERE, False), ("mail", False)],
)
def test_only_a_server_on_this_machine_is_open_for_trying_out(
    app: Flask, server: str, *, stays: bool
) -> None:
    use_mail_server(app, server)
    assert stays_on_this_machine() is stays
    assert isinstance(configured_transport(), SmtpTransport) is stays
    if stays:
        check_text_is_own()
    else:
        with pytest.raises(ExampleTextLeft, match="for the address of the links, the partnership’s name"):
            check_text_is_own()


def test_the_mail_page_and_every_other_page_of_staff_say_what_to_set(app: Flask, client: PageClient) -> None:
    assert HELD not in client.get("/mail").text
    example_route(app)
    for path in ("/mail", "/audits", "/agencies"):
        assert HELD in client.get(path).text
    assert "Mail is held: settings still hold example text." in client.get("/health", status=503).text


@pytest.mark.parametrize("settings", [{}, OWN_TEXT])
def test_a_host_is_warned_when_it_starts(
    settings: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    host = Flask("host")
    host.config.update(
        SQLALCHEMY_DATABASE_URI="sqlite://",
        SURVEY_KEY_FILE=str(tmp_path / "keys.json"),
        MAIL_SERVER=ELSEWHERE,
        MAIL_USE_TLS=True,
        **{f"SURVEY_{name.upper()}": text for name, text in settings.items()},
    )
    SQLAlchemy(host)
    FlaskMail(host)
    SurveyApp(host, staff=lambda: None)
    warned = [record.getMessage() for record in caplog.records if "example text" in record.getMessage()]
    if settings:
        assert warned == []
    else:
        assert len(warned) == 1
        assert "SURVEY_CONCERN_ROUTE" in warned[0]
        with host.app_context():
            assert configured_transport() is None
