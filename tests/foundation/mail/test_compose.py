from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyapp.foundation.mail.compose import InvalidMessage, compose_message, render_email
from surveyapp.foundation.mail.outbox import Email
from surveyapp.foundation.mail.smtp_transport import dot_stuffed
from tests.foundation.mail.accepted_addresses import addresses

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
        "X-Auto-Response-Suppress": "OOF, AutoReply, DR, RN, NRN",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


@pytest.mark.usefixtures("app")
def test_a_message_has_a_text_part_and_a_plain_html_part() -> None:
    message = written()
    assert message.get_content_type() == "multipart/alternative"
    assert "There is nothing for you to do." in part(message, "plain")
    assert "It was sent to see whether mail works." in part(message, "html")
    assert {part["Content-Transfer-Encoding"] for part in message.iter_parts()} == {"quoted-printable"}


@pytest.mark.usefixtures("app")
def test_typed_text_is_escaped_in_html_and_plain_in_text() -> None:
    email = Email("test", to="lead@agency.example", words={"partnership": "<b>Bury & Co</b>"})
    assert "<b>Bury & Co</b>" in render_email(email).text
    assert "&lt;b&gt;Bury &amp; Co&lt;/b&gt;" in render_email(email).html


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(addresses())
def test_every_address_that_is_accepted_can_be_written_into_a_message(app: Flask, address: str) -> None:
    assert app.name
    message = written(Email("test", to=address))
    assert [to.addr_spec for to in message["To"].addresses] == [address]
    assert len(message.keys()) == 10


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=400))
def test_no_text_adds_a_header_or_a_recipient(app: Flask, name: str) -> None:
    assert app.name
    try:
        message = written(Email("test", to="lead@agency.example", words={"partnership": name}, to_name=name))
    except (InvalidMessage, UnicodeEncodeError):
        return
    assert len(message.keys()) == 10
    assert [to.addr_spec for to in message["To"].addresses] == ["lead@agency.example"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Ann Old", "Ann Old <lead@agency.example>"),
        ("O’Neill, Ann (GP)", "=?utf-8?q?O=E2=80=99Neill=2C_Ann_=28GP=29?= <lead@agency.example>"),
        ('Old, "Nan"', '"Old, \\"Nan\\"" <lead@agency.example>'),
        ("boss@elsewhere.example", "lead@agency.example"),
        ("See www.elsewhere.example", "lead@agency.example"),
        ("  ", "lead@agency.example"),
    ],
)
@pytest.mark.usefixtures("app")
def test_the_recipient_is_shown_and_greeted_by_name(name: str, header: str) -> None:
    email = Email("test", to="lead@agency.example", to_name=name)
    raw = compose_message(email, message_id=ID, date_header=DATE)
    assert f"To: {header}\r\n".encode() in raw
    (to,) = message_from_bytes(raw, policy=policy.default)["To"].addresses
    shown = "" if "elsewhere" in name else name.strip()
    assert (to.display_name, to.addr_spec) == (shown, "lead@agency.example")
    text = part(written(email), "plain")
    assert text.startswith(f"Hello {shown}," if shown else "This is a test message")


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


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["Click http://evil.example/win", "www.evil.example", "pat@evil.example"])
def test_a_stored_name_that_holds_an_address_is_left_out(name: str) -> None:
    message = written(Email("test", to="lead@agency.example", to_name=name))
    assert message["To"] == "lead@agency.example"
    assert "evil" not in part(message, "plain") + part(message, "html")
    assert "Hello" not in part(message, "plain")
