"""What takes a message from us: a mail server over SMTP, or a folder where there is none."""

import ipaddress
import os
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flask import current_app
from flask_mail import Connection

from surveyapp.foundation.mailing import sender
from surveyapp.foundation.settings import settings
from surveyapp.foundation.text import is_address

# Seconds (PROMISES M7): to connect, for each command, and for the answer after the last dot.
CONNECTING = 10.0
COMMAND = 60.0
LAST_ANSWER = 300.0

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
GO_AHEAD = 354
TAKEN = 250
GONE = 421
CROWDED = 432
TOO_MUCH = (GONE, CROWDED)
WANTS_SIGN_IN = (530, 534, 535, 538)


@dataclass(frozen=True)
class Answer:
    """What the mail server said: three digits and its words; -1 is rubbish."""

    code: int
    text: str

    @property
    def is_for_good(self) -> bool:
        """Whether it said no and means it."""
        return 500 <= self.code < 600  # noqa: PLR2004 — SMTP's own classes

    @property
    def is_for_now(self) -> bool:
        """Whether it said no for now."""
        return 400 <= self.code < 500  # noqa: PLR2004 — likewise


class Declined(Exception):
    """The mail server does not take this message."""

    def __init__(self, answer: Answer) -> None:
        """Keep what it said."""
        super().__init__(answer.code)
        self.answer = answer


class ServerTrouble(Exception):
    """No message can go: the server is away, or it will not have us.

    `reason` is for the banner; `for_a_person` says that trying again would do harm, `only_ours` that the
    server has too many connections, so that other workers may go on.
    """

    def __init__(self, reason: str, *, for_a_person: bool = False, only_ours: bool = False) -> None:
        """Keep the reason as the banner says it."""
        super().__init__(reason)
        self.reason = reason
        self.for_a_person = for_a_person
        self.only_ours = only_ours


class Carrier(Protocol):
    """The five steps of handing a message over; up to `offer` nothing has been given away."""

    def open(self) -> None:
        """Be ready for messages. Raises ServerTrouble."""

    def offer(self, to: str) -> None:
        """Say for whom a message is. Raises Declined, ServerTrouble or OSError."""

    def withdraw(self) -> None:
        """Take the offer back: there is no message after all."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Give the message with its last dot. Raises Declined, ServerTrouble or OSError: it was not taken."""

    def answer(self) -> Answer:
        """Wait for what the server says of it. Raises OSError: then nobody can know."""
        ...

    def close(self) -> None:
        """End the conversation; never fails."""

    def drop(self) -> None:
        """Hang up on a server that no longer answers."""


class PatientSMTP(smtplib.SMTP):
    """Connects quickly or not at all, then gives each command its time."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        connected.settimeout(COMMAND)
        return connected


class PatientSMTPS(smtplib.SMTP_SSL):
    """The same where the conversation is encrypted from its first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        connected.settimeout(COMMAND)
        return connected


class SurveyConnection(Connection):
    """Flask-Mail’s connection, with time-outs, and with certificates looked at before anybody signs in."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as Flask-Mail’s settings say; never in debug mode: it prints links."""
        server, port, name = self.mail.server, int(self.mail.port or 0), _greeting_name()
        if self.mail.use_ssl:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = PatientSMTPS(
                server, port, local_hostname=name, timeout=CONNECTING, context=context
            )
        else:
            smtp = PatientSMTP(server, port, local_hostname=name, timeout=CONNECTING)
        try:
            if self.mail.use_tls:
                smtp.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                _one_way_to_sign_in(smtp)
                smtp.login(self.mail.username, self.mail.password)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp


def _one_way_to_sign_in(smtp: smtplib.SMTP) -> None:
    """Leave one way to sign in: each further one would be one more wrong password at once (PROMISES M5)."""
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    encrypted = isinstance(smtp.sock, ssl.SSLSocket)
    wanted = ("PLAIN", "LOGIN", "CRAM-MD5") if encrypted else ("CRAM-MD5", "PLAIN", "LOGIN")
    best = next((way for way in wanted if way in offered), None)
    if best is not None:
        smtp.esmtp_features["auth"] = best


def _greeting_name() -> str:
    """Greet as the host of our links: the machine's own name is nobody's business."""
    try:
        return f"[{ipaddress.IPv4Address(settings().host)}]"
    except ValueError:
        return settings().host


class SmtpCarrier:
    """Hands over to the mail server of the host's Flask-Mail settings; one connection for many messages."""

    def __init__(self) -> None:
        """Connect only when the first message is due."""
        self.smtp: smtplib.SMTP | None = None
        self.taken = 0

    def open(self) -> None:
        """Connect, encrypt and sign in."""
        state: Any = current_app.extensions["mail"]
        if self.smtp is not None and state.max_emails and self.taken >= state.max_emails:
            self.close()
        if self.smtp is not None:
            return
        try:
            self.smtp = SurveyConnection(state).configure_host()
        except (OSError, ValueError) as error:
            raise _trouble(error) from error
        self.taken = 0

    @property
    def connected(self) -> smtplib.SMTP:
        """The conversation under way."""
        if self.smtp is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.smtp

    def offer(self, to: str) -> None:
        """MAIL and RCPT: what it says of the sender concerns every message, of the recipient this one."""
        if not (to.isascii() and is_address(to)):
            raise Declined(Answer(553, "This is no address that mail servers take."))
        said = self._mail_from()
        if said.code != TAKEN:
            raise _server_says(said)
        said = _said(self.connected.rcpt(to))
        if said.code in TOO_MUCH or said.code in WANTS_SIGN_IN:
            raise _server_says(said)
        if said.code not in (TAKEN, 251):
            raise Declined(said)

    def _mail_from(self) -> Answer:
        """MAIL; once more on a fresh connection where the old one was closed, as some servers do."""
        try:
            said = _said(self.connected.mail(sender()[1]))
        except OSError:
            if not self.taken:
                raise
            said = Answer(GONE, "")
        if said.code != GONE or not self.taken:
            return said
        self.drop()
        self.open()
        return _said(self.connected.mail(sender()[1]))

    def withdraw(self) -> None:
        """RSET: the offer is void."""
        try:
            self.connected.rset()
        except OSError:
            self.close()

    def give(self, message: bytes, mail_id: int) -> None:  # noqa: ARG002 — a folder names its file by it
        """DATA, and the message with its last dot."""
        smtp = self.connected
        smtp.putcmd("data")
        said = _said(smtp.getreply())
        if said.code in TOO_MUCH:
            raise _server_says(said)
        if said.code != GO_AHEAD:
            raise Declined(said)
        smtp.send(dot_stuffed(message) + b".\r\n")
        self.taken += 1

    def answer(self) -> Answer:
        """Wait for the answer to the last dot."""
        smtp = self.connected
        if smtp.sock is not None:
            smtp.sock.settimeout(LAST_ANSWER)
        said = _said(smtp.getreply())
        if smtp.sock is not None:
            smtp.sock.settimeout(COMMAND)
        return said

    def close(self) -> None:
        """QUIT, whatever comes back: what it raises would say nothing about a message."""
        if self.smtp is not None and self.smtp.sock is not None:
            self.smtp.sock.settimeout(CONNECTING)
            with suppress(OSError):
                self.smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        smtp, self.smtp = self.smtp, None
        if smtp is not None:
            smtp.close()


class FolderCarrier:
    """Puts each message into a folder as a file, where there is no mail server."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.folder = folder

    def open(self) -> None:
        """Make the folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServerTrouble(f"the folder {self.folder} cannot be made ({error.strerror})") from error

    def offer(self, to: str) -> None:
        """Take any address: a folder refuses nobody."""

    def withdraw(self) -> None:
        """Leave no trace."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Write the file, and only then put it in its place: the same message twice is one file."""
        place = self.folder / f"{mail_id}.eml"
        beside = place.with_suffix(f".{os.getpid()}.part")
        with beside.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)

    def answer(self) -> Answer:
        """Say that it is there."""
        return Answer(TAKEN, "Put into the folder.")

    def close(self) -> None:
        """Nothing is open."""

    def drop(self) -> None:
        """Nothing is open."""


def is_switched_off() -> bool:
    """Whether the host has told Flask-Mail to send nothing (MAIL_SUPPRESS_SEND, or an app under test)."""
    return not settings().mail_folder and bool(current_app.extensions["mail"].suppress)


def chosen_carrier() -> Carrier:
    """What takes this app's mail: the folder where one is set, else the mail server."""
    return FolderCarrier(Path(settings().mail_folder)) if settings().mail_folder else SmtpCarrier()


def dot_stuffed(message: bytes) -> bytes:
    """Give a message as DATA wants it: CRLF throughout and at its end, leading dots doubled."""
    lines = _LINE_END.sub(b"\r\n", message)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _said(reply: tuple[int, bytes]) -> Answer:
    return Answer(reply[0], " ".join(reply[1].decode("utf-8", "replace").split()))


def _server_says(said: Answer) -> ServerTrouble:
    return ServerTrouble(
        f"the server says “{said.code} {said.text}”",
        for_a_person=said.code in WANTS_SIGN_IN,
        only_ours=said.code == CROWDED,
    )


def _trouble(error: Exception) -> ServerTrouble:  # noqa: PLR0911 — one sentence for each cause
    """Say in words why no message can go. Every SMTPException is an OSError, so the order matters."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        text = _said((error.smtp_code, _in_bytes(error.smtp_error))).text
        said = f"{error.smtp_code} {text}"
        reason = f"the server refuses our password ({said}; settings MAIL_USERNAME and MAIL_PASSWORD)"
        return ServerTrouble(reason, for_a_person=error.smtp_code >= 500)  # noqa: PLR2004 — SMTP's own classes
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerTrouble(f"the server does not offer what the settings ask for: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _server_says(_said((error.smtp_code, _in_bytes(error.smtp_error))))
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerTrouble(f"certificate not trusted ({error.verify_message})")
    if isinstance(error, ssl.SSLError):
        return ServerTrouble("no encrypted connection to the server")
    if isinstance(error, socket.gaierror):
        return ServerTrouble("server not found (setting MAIL_SERVER)")
    if isinstance(error, ValueError):
        return ServerTrouble(f"the mail settings cannot be used ({error})")
    return ServerTrouble("server not reachable")


def _in_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
