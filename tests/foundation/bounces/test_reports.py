"""Reports of non-delivery and automatic replies are recognised, and hostile messages do no harm."""

import base64
from email.message import EmailMessage
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.bounces.reports import LONGEST_READ, LONGEST_SAID, MailReport, read_report
from tests.foundation.bounces.messages import EXIM, REPLY, away, dsn

HOST = "audits.example.org"
ID = f"<0b5a3a4e-0a63-4a10-9d9a-3f9c58a3a6c1@{HOST}>"


def read(raw: bytes) -> MailReport | None:
    return read_report(raw, host=HOST)


def test_a_report_by_the_standard_is_a_bounce_with_its_status() -> None:
    said = "smtp; 550 5.1.1 <a@agency.example>: user unknown"
    assert read(dsn(ID)) == MailReport("bounce", (ID,), "5.1.1", said)


def test_a_report_that_keeps_to_no_standard_is_a_bounce() -> None:
    report = read(EXIM.format(id=ID, to="a@agency.example").encode())
    assert report is not None
    assert (report.kind, report.message_ids) == ("bounce", (ID,))


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_that_the_server_tries_on_or_delivered_is_no_bounce(action: str) -> None:
    report = read(dsn(ID, action=action, status="4.4.1"))
    assert report is not None
    assert report.kind == "delayed"


def test_an_automatic_reply_is_no_bounce() -> None:
    said = "I am away until 14 December. Ring the office."
    assert read(away(ID)) == MailReport("away", (ID,), said=said)


def test_what_a_person_writes_is_neither() -> None:
    assert read(REPLY.format(id=ID).encode()) is None
    assert read(away(ID).replace(b"auto-replied", b"no")) is None


def test_only_our_own_message_ids_count() -> None:
    for other in ("<1@example.org>", ID.replace(HOST, "elsewhere.example"), ID.replace("0b5a3a4e", "0B5A")):
        assert read(dsn(other)) is None
        assert read(away(other)) is None


def test_an_id_inside_an_encoded_part_is_found() -> None:
    raw = dsn("<nothing@agency.example>").decode()
    encoded = base64.encodebytes(f"Message-ID: {ID}\n".encode()).decode()
    part = f"--b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--"
    report = read(raw.replace("--b--", part).encode())
    assert report is not None
    assert report.message_ids == (ID,)


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-7", "rot13", "'; DROP", "utf-16"])
def test_a_bad_charset_loses_nothing_but_its_letters(charset: str) -> None:
    report = read(away(ID, charset=charset))
    assert report is None or report.kind == "away"
    assert read(away(ID, charset="no-such-charset")) == read(away(ID))


def test_thousands_of_nested_parts_are_given_up() -> None:
    heads = "".join(
        f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n' for depth in range(5_000)
    )
    raw = f"Auto-Submitted: auto-replied\nIn-Reply-To: {ID}\nMIME-Version: 1.0\n{heads}".encode()
    report = read(raw)
    assert report is None or report.kind == "away"


def test_of_ten_megabytes_only_the_beginning_counts() -> None:
    message = EmailMessage()
    message["In-Reply-To"], message["Auto-Submitted"] = ID, "auto-replied"
    message.set_content("x" * 70 + "\n")
    raw = message.as_bytes() + b"<" * 10_000_000
    begun = process_time()
    report = read(raw)
    assert report is not None
    assert len(report.said) <= LONGEST_SAID
    # Reading all of it takes forty times as long; the limit is generous, since machines are busy.
    assert process_time() - begun < 5
    many = b"".join(ID.replace("0b5a3a4e", f"{n:08x}").encode() + b"\n" for n in range(3_000))
    report = read(b"Content-Type: multipart/report\n\n" + many)
    assert report is None or len(report.message_ids) <= 20
    assert len(raw) > LONGEST_READ


@given(st.binary(max_size=400))
def test_no_message_raises(noise: bytes) -> None:
    read(noise)
    read(dsn(ID)[:200] + noise + dsn(ID)[200:])
    read(away(ID)[:90] + noise)
