"""Faults of a mail server in real SMTP conversations (promises M1 to M10, M23)."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from tests.faults.certificates import write_certificate
from tests.faults.conftest import FaultInstallation, wait_until
from tests.mail_server import ELSEWHERE, OWN_TEXT

Figure = Callable[[str], None]
OWN_TEXT_SETTINGS = {f"SURVEY_{name.upper()}": text for name, text in OWN_TEXT.items()}


def test_p5_every_message_reaches_the_mail_server_once(
    installation: FaultInstallation, figure: Figure
) -> None:
    sink = installation.start_mail_server()
    installation.queue(90)
    installation.start_worker()
    installation.wait_for(sent=90)
    taken = sink.accepted
    assert (
        len(taken) == len({message.id for message in taken}) == len({message.to for message in taken}) == 90
    )
    assert installation.said.sentences == ("All 90 messages taken by your mail server.",)
    figure(f"90 messages, one worker: {89 / (taken[-1].at - taken[0].at):.0f} a second")


@pytest.mark.parametrize("fault", ["banner", "closed port", "no such name"])
def test_p5_p20_m1_a_server_that_is_away_is_tried_once_and_costs_no_attempt(
    installation: FaultInstallation, fault: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = "banner:421 4.3.2 going down"
    if fault == "closed port":
        sink.stop()
    if fault == "no such name":
        installation.settings |= {"MAIL_SERVER": ELSEWHERE, "MAIL_USE_TLS": True, **OWN_TEXT_SETTINGS}
    installation.queue(90)
    installation.start_worker()
    wait_until(lambda: bool(installation.said.trouble), "the page says that mail is waiting")
    time.sleep(1)
    reason = {
        "banner": "the server says “421 4.3.2 going down”",
        "closed port": "server not reachable",
        "no such name": "no server has the name in our settings",
    }[fault]
    said = installation.said.trouble
    assert said.startswith(f"Mail is waiting: {reason} since ")
    assert "90 messages queued, next try " in said
    assert installation.states == {"queued": 90}
    assert {row.attempts for row in installation.rows()} == {0}
    assert sink.heard.count("CONNECT") == (1 if fault == "banner" else 0)
    if fault == "no such name":
        return
    sink.mode = "ok"
    if fault == "closed port":
        sink.start_again()
    installation.make_all_due()
    installation.wait_for(sent=90)
    assert len({message.to for message in sink.accepted}) == len(sink.accepted) == 90


def test_p5_m23_a_server_elsewhere_is_not_looked_up_while_settings_hold_example_text(
    installation: FaultInstallation,
) -> None:
    installation.settings |= {
        "MAIL_SERVER": ELSEWHERE,
        "MAIL_USE_TLS": True,
        **OWN_TEXT_SETTINGS,
        "SURVEY_CONCERN_ROUTE": "ring 01234 567891 and tell your manager",
    }
    installation.queue(3)
    installation.start_worker()
    # The worker looks at the queue every two seconds.
    time.sleep(6)
    held = (
        "No email leaves this machine while the settings hold example text "
        "for what to do at once about a concern."
    )
    assert installation.said.trouble == f"{held} 3 messages queued."
    assert installation.states == {"queued": 3}
    assert {(row.attempts, row.last_text) for row in installation.rows()} == {(0, "")}


@pytest.mark.parametrize("mode", ["rcpt:450 4.2.0 greylisted", "data:451 4.3.0 later", "data:452 4.2.2 full"])
def test_p5_m2_a_deferred_message_waits_a_minute_and_goes(installation: FaultInstallation, mode: str) -> None:
    sink = installation.start_mail_server()
    sink.mode = mode + " for=agency2@agency.example"
    installation.queue(3)
    installation.start_worker()
    installation.wait_for(sent=2, queued=1)
    wait_until(lambda: installation.rows()[1].attempts == 1, "one attempt is counted")
    row = installation.rows()[1]
    assert f"{row.last_code} {row.last_text}" == mode.partition(":")[2]
    assert timedelta(seconds=50) < row.not_before - clock.now() < timedelta(seconds=61)
    sink.mode = "ok"
    installation.make_all_due()
    installation.wait_for(sent=3)
    assert len(sink.accepted) == 3


@pytest.mark.parametrize("mode", ["rcpt:550 5.1.1 unknown", "data:552 5.3.4 too big", "data:554 5.7.1 spam"])
def test_p5_m3_m4_a_refused_message_keeps_the_servers_words_and_holds_up_no_other(
    installation: FaultInstallation, mode: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = mode + " for=agency1@agency.example"
    installation.queue(3)
    installation.start_worker()
    installation.wait_for(sent=2, failed=1)
    row = installation.rows()[0]
    assert f"{row.last_code} {row.last_text}" == mode.partition(":")[2]
    assert sorted(message.to for message in sink.accepted) == [
        "agency2@agency.example",
        "agency3@agency.example",
    ]
    assert installation.said.decisions_needed == ("1 message refused or not delivered: see why below.",)


def test_p5_p20_m5_a_refused_password_is_tried_once_until_a_test_message_gets_through(
    installation: FaultInstallation,
) -> None:
    sign_in = {"MAIL_USERNAME": "audits", "MAIL_PASSWORD": "correct horse"}
    sink = installation.start_mail_server("--sign-in", "audits:correct horse", **sign_in)
    sink.mode = "auth"
    installation.queue(90)
    installation.start_worker()
    installation.start_worker()
    wait_until(lambda: installation.said.is_held, "mail is held")
    time.sleep(1)
    # At most one for each worker that was connecting at that moment, not one for each message.
    assert 1 <= sum(line.startswith("AUTH") for line in sink.heard) <= 2
    assert (
        "the server refuses the user or the password of our settings (535 5.7.8 wrong password"
        in installation.said.trouble
    )
    assert installation.states == {"queued": 90}
    sink.mode = "ok"
    installation.make_all_due()
    time.sleep(1)
    assert sink.accepted == [], "nothing goes until a person has acted"
    installation.change(
        lambda: queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=clock.now())
    )
    installation.wait_for(sent=91)
    assert not installation.said.is_held


@pytest.mark.parametrize("fault", ["not offered", "self-signed", "wrong name", "expired"])
@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_p5_m6_without_a_trusted_certificate_nothing_is_sent(
    installation: FaultInstallation, how: str, fault: str
) -> None:
    if fault == "not offered" and how == "tls":
        pytest.skip("There is nothing to offer where the first byte is encrypted already.")
    authority = _certificate(installation, fault)
    settings = {"MAIL_USE_TLS": how == "starttls", "MAIL_USE_SSL": how == "tls"}
    options = () if fault == "not offered" else (f"--{how}",)
    sign_in = {"MAIL_USERNAME": "audits", "MAIL_PASSWORD": "correct horse"}
    sink = installation.start_mail_server(
        *options, "--sign-in", "audits:correct horse", **settings, **sign_in
    )
    installation.queue(2)
    installation.start_worker(SSL_CERT_FILE=str(authority))
    wait_until(lambda: bool(installation.said.trouble), "the page says that mail is waiting")
    wanted = "does not offer" if fault == "not offered" else "certificate not trusted"
    assert wanted in installation.said.trouble
    assert not [line for line in sink.heard if line.startswith(("AUTH", "MAIL"))]
    assert installation.states == {"queued": 2}


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_p5_m6_with_a_trusted_certificate_mail_goes(installation: FaultInstallation, how: str) -> None:
    authority = _certificate(installation, "good")
    settings = {"MAIL_USE_TLS": how == "starttls", "MAIL_USE_SSL": how == "tls"}
    sign_in = {"MAIL_USERNAME": "audits", "MAIL_PASSWORD": "correct horse"}
    sink = installation.start_mail_server(
        f"--{how}", "--sign-in", "audits:correct horse", **settings, **sign_in
    )
    installation.queue(2)
    installation.start_worker(SSL_CERT_FILE=str(authority))
    installation.wait_for(sent=2)
    assert len(sink.accepted) == 2


def _certificate(installation: FaultInstallation, fault: str) -> Path:
    folder = installation.folder / "sink"
    folder.mkdir(exist_ok=True)
    days = -1 if fault == "expired" else 2
    write_certificate(folder, name="other.example" if fault == "wrong name" else "127.0.0.1", days=days)
    if fault in ("self-signed", "not offered"):
        stranger = installation.folder / "stranger"
        stranger.mkdir()
        write_certificate(stranger, name="127.0.0.1", days=2)
        return stranger / "cert.pem"
    return folder / "cert.pem"


@pytest.mark.parametrize("step", ["CONNECT", "MAIL", "RCPT", "DATA"])
def test_p5_m7_a_stall_before_the_last_dot_ends_in_a_pause_and_the_message_goes_later(
    installation: FaultInstallation, step: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = f"stall:{step},60"
    installation.queue(2)
    installation.start_worker(PATIENCE_SECONDS="0.5")
    wait_until(lambda: bool(installation.said.trouble), "the page says that mail is waiting")
    assert installation.states == {"queued": 2}
    sink.mode = "ok"
    installation.make_all_due()
    installation.wait_for(sent=2)
    assert len(sink.accepted) == 2


@pytest.mark.parametrize("mode", ["stallfinal:60", "dropafter", "rubbish"])
def test_p4_m7_m9_silence_after_the_last_dot_leaves_an_email_in_doubt(
    installation: FaultInstallation, mode: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = mode
    installation.queue(1, "letter")
    installation.start_worker(PATIENCE_SECONDS="0.5")
    installation.wait_for(doubtful=1)
    assert installation.said.decisions_needed == ("1 message not certain: decide below.",)
    sink.mode = "ok"
    installation.make_all_due()
    time.sleep(0.5)
    assert installation.states == {"doubtful": 1}
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("mode", ["stallfinal:60", "dropafter"])
def test_p4_m9_a_parcel_in_doubt_goes_again_under_the_same_id_and_date(
    installation: FaultInstallation, mode: str
) -> None:
    sink = installation.start_mail_server()
    sink.mode = mode
    installation.queue(1, "parcel")
    installation.start_worker(PATIENCE_SECONDS="0.5")
    wait_until(lambda: len(sink.accepted) == 1 and installation.states["queued"] == 1, "it is queued again")
    sink.mode = "ok"
    installation.make_all_due()
    installation.wait_for(sent=1)
    first, second = sink.accepted
    assert (first.id, first.message["Date"]) == (second.id, second.message["Date"])


def test_p5_m8_a_connection_lost_within_the_message_leaves_no_doubt(installation: FaultInstallation) -> None:
    sink = installation.start_mail_server("--narrow")
    sink.mode = "dropmid"
    installation.queue(1, "letter")
    worker = installation.start_worker(LONG_NAME="500000")
    wait_until(lambda: installation.rows()[0].attempts == 1, "it is put back")
    worker.kill()
    assert installation.states == {"queued": 1}
    sink.mode = "ok"
    installation.start_worker()
    installation.make_all_due()
    installation.wait_for(sent=1)
    assert len(sink.accepted) == 1


def test_p4_m10_an_email_whose_connection_is_lost_after_the_answer_counts_as_sent(
    installation: FaultInstallation,
) -> None:
    sink = installation.start_mail_server()
    sink.mode = "dropquit"
    installation.queue(5)
    installation.start_worker()
    installation.wait_for(sent=5)
    assert len(sink.accepted) == 5
    assert installation.said.trouble == ""
