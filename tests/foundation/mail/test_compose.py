from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyapp.foundation.mail.compose import InvalidMessage, compose_message, render_email
from surveyapp.foundation.mail.outbox import Email
from surveyapp.foundation.mail.smtp_transport import dot_stuffed

ID, DATE = "<0001@audits.example.org>", "Mon, 30 Nov 2026 09:00:00 +0000"
TEST = Email("test", to="lead@agency.example")


def written(email: Email = TEST) -> EmailMessage:
    return message_from_bytes(compose_message(email, message_id=ID, date_header=DATE), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.usefixtures("app")
def test_a_message_has_its_headers_and_no_others() -> None:
    message = written()
    assert dict(message.items()) == {
        "From": "Example Safeguarding Children Partnership <audits@partnership.example>",
        "To": "lead@agency.example",
        "Subject": "Test message from Example Safeguarding Children Partnership",
        "Date": DATE,
        "Message-ID": ID,
        "Reply-To": "audits@partnership.example",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


@pytest.mark.usefixtures("app")
def test_a_message_has_a_text_part_and_a_plain_html_part() -> None:
    message = written()
    assert message.get_content_type() == "multipart/alternative"
    assert "There is nothing for you to do." in part(message, "plain")
    assert "<p>It was sent to see whether mail works." in part(message, "html")
    assert {part["Content-Transfer-Encoding"] for part in message.iter_parts()} == {"quoted-printable"}


@pytest.mark.usefixtures("app")
def test_typed_text_is_escaped_in_html_and_plain_in_text() -> None:
    email = Email("test", to="lead@agency.example", words={"partnership": "<b>Bury & Co</b>"})
    assert "<b>Bury & Co</b>" in render_email(email).text
    assert "&lt;b&gt;Bury &amp; Co&lt;/b&gt;" in render_email(email).html


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=400))
def test_no_text_adds_a_header_or_a_recipient(app: Flask, name: str) -> None:
    assert app.name
    try:
        message = written(Email("test", to="lead@agency.example", words={"partnership": name}))
    except (InvalidMessage, UnicodeEncodeError):
        return
    assert len(message.keys()) == 10
    assert message.get_all("To") == ["lead@agency.example"]


@pytest.mark.parametrize("to", ["a@x.example, b@x.example", "a@x.example\nBcc: b@x.example", ""])
@pytest.mark.usefixtures("app")
def test_a_message_needs_exactly_one_address(to: str) -> None:
    with pytest.raises((InvalidMessage, ValueError)):
        compose_message(Email("test", to=to), message_id=ID, date_header=DATE)


@pytest.mark.usefixtures("app")
def test_a_line_break_in_an_id_is_not_written() -> None:
    with pytest.raises(InvalidMessage, match="Message-ID would hold a line break"):
        compose_message(TEST, message_id="<1@x>\r\nBcc: b@x.example", date_header=DATE)


@pytest.mark.usefixtures("app")
def test_a_long_line_is_encoded_and_a_link_stays_whole() -> None:
    link = f"https://audits.example.org/r/{'a' * 50}/"
    email = Email("test", to="lead@agency.example", words={"partnership": f"\n{link}\n{'x' * 1200}"})
    raw = compose_message(email, message_id=ID, date_header=DATE)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert link in part(message_from_bytes(raw, policy=policy.default), "plain").splitlines()


@pytest.mark.parametrize(
    ("message", "stuffed"),
    [
        (b"a\n.b\n", b"a\r\n..b\r\n"),
        (b"..\r\n.", b"...\r\n..\r\n"),
        (b"a\rb", b"a\r\nb\r\n"),
        (b".", b"..\r\n"),
    ],
)
def test_a_line_with_a_dot_does_not_end_a_message(message: bytes, stuffed: bytes) -> None:
    assert dot_stuffed(message) == stuffed
