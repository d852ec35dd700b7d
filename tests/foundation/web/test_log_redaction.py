"""No log line of ours or of the server contains the token of a link (promises 3.5)."""

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from surveyapp.foundation.web.log_redaction import redact_links

TOKEN = "abcdefghij234567klmnopqrst" + "uvwxyz2345abcdefghij2345"
NAMES = ("surveyapp.mail", "surveyapp.worker", "surveyapp.standalone", "waitress", "werkzeug", "host.module")


@pytest.fixture
def log(app: Flask) -> Iterator[io.StringIO]:
    """The output of a handler of the host’s root logger that was added before ours."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.root.addHandler(handler)
    redact_links(app.logger)
    yield written
    logging.root.removeHandler(handler)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("token", [TOKEN, TOKEN.upper()])
def test_no_logger_writes_a_token(log: io.StringIO, name: str, token: str) -> None:
    logging.getLogger(name).error("GET /r/%s/ failed", token)
    assert log.getvalue() == "GET /r/(link)/ failed\n"


@pytest.mark.parametrize("mark", ["%C2%AD", "%3E%20", "\u200b", "%250A%253E"])
def test_a_link_that_was_broken_and_opens_is_in_no_log(log: io.StringIO, mark: str) -> None:
    logging.getLogger("werkzeug").error('"GET /R/%s HTTP/1.1" 200', f"{TOKEN[:30]}{mark}{TOKEN[30:]}/")
    assert log.getvalue() == '"GET /R/(link) HTTP/1.1" 200\n'


@pytest.mark.parametrize("name", NAMES)
def test_no_traceback_contains_a_token(log: io.StringIO, name: str) -> None:
    try:
        int(TOKEN)
    except ValueError:
        logging.getLogger(name).exception("It failed")
    assert TOKEN not in log.getvalue()
    assert "ValueError: invalid literal for int() with base 10: '(link)'" in log.getvalue()


def test_a_handler_added_later_gets_no_token_from_our_loggers(log: io.StringIO) -> None:
    assert log
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger("surveyapp").addHandler(handler)
    logging.getLogger("surveyapp.mail").error("link %s", TOKEN)
    logging.getLogger("surveyapp").removeHandler(handler)
    assert written.getvalue() == "link (link)\n"


def test_text_without_a_token_is_unchanged(log: io.StringIO) -> None:
    logging.getLogger("surveyapp.mail").error("hash %s", "a" * 64)
    assert log.getvalue() == f"hash {'a' * 64}\n"
