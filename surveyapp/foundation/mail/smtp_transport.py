"""Handing over to a mail server: connect, encrypt and sign in once, then one message after another."""

import ipaddress
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Any

from flask import current_app
from flask_mail import Connection

from surveyapp.foundation.mail.compose import sender
from surveyapp.foundation.mail.transport import SMTP_OK, MessageRejected, ServerReply, ServerUnavailable
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.clean_text import is_address

# Seconds (promises M7): to connect, for each command, and for the answer after the last dot.
CONNECT_TIMEOUT = 10.0
COMMAND_TIMEOUT = 60.0
FINAL_REPLY_TIMEOUT = 300.0

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
GO_AHEAD = 354
CONNECTION_CLOSING = 421
TOO_MANY_CONNECTIONS = 432
WHOLE_SERVER_CODES = (CONNECTION_CLOSING, TOO_MANY_CONNECTIONS)
AUTHENTICATION_CODES = (530, 534, 535, 538)


class SMTPWithTimeouts(smtplib.SMTP):
    """Connects quickly or not at all, then gives each command its time."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        connected.settimeout(COMMAND_TIMEOUT)
        return connected


class SMTPSWithTimeouts(SMTPWithTimeouts, smtplib.SMTP_SSL):
    """The same where the conversation is encrypted from its first byte."""


class SurveyConnection(Connection):
    """Flask-Mail’s connection, with time-outs, and with certificates looked at before anybody signs in."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as Flask-Mail’s settings say; never in debug mode: it prints links."""
        server, port, name = self.mail.server, int(self.mail.port or 0), _greeting_name()
        if self.mail.use_ssl:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = SMTPSWithTimeouts(
                server, port, local_hostname=name, timeout=CONNECT_TIMEOUT, context=context
            )
        else:
            smtp = SMTPWithTimeouts(server, port, local_hostname=name, timeout=CONNECT_TIMEOUT)
        try:
            if self.mail.use_tls:
                smtp.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                _keep_one_auth_method(smtp)
                smtp.login(self.mail.username, self.mail.password)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp


def _keep_one_auth_method(smtp: smtplib.SMTP) -> None:
    """Leave one way to sign in: each further one would be one more wrong password at once (promises M5)."""
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


class SmtpTransport:
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
            raise _unavailable_by_error(error) from error
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
            raise MessageRejected(ServerReply(553, "This is no address that mail servers take."))
        said = self._mail_from()
        if said.code != SMTP_OK:
            raise _unavailable_by_reply(said)
        said = _server_reply(self.connected.rcpt(to))
        if said.code in WHOLE_SERVER_CODES or said.code in AUTHENTICATION_CODES:
            raise _unavailable_by_reply(said)
        if said.code not in (SMTP_OK, 251):
            raise MessageRejected(said)

    def _mail_from(self) -> ServerReply:
        """MAIL; once more on a fresh connection where the old one was closed, as some servers do."""
        try:
            said = _server_reply(self.connected.mail(sender()[1]))
        except OSError:
            if not self.taken:
                raise
            said = ServerReply(CONNECTION_CLOSING, "")
        if said.code != CONNECTION_CLOSING or not self.taken:
            return said
        self.drop()
        self.open()
        return _server_reply(self.connected.mail(sender()[1]))

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
        said = _server_reply(smtp.getreply())
        if said.code in WHOLE_SERVER_CODES:
            raise _unavailable_by_reply(said)
        if said.code != GO_AHEAD:
            raise MessageRejected(said)
        smtp.send(dot_stuffed(message) + b".\r\n")
        self.taken += 1

    def answer(self) -> ServerReply:
        """Wait for the answer to the last dot."""
        smtp = self.connected
        if smtp.sock is not None:
            smtp.sock.settimeout(FINAL_REPLY_TIMEOUT)
        said = _server_reply(smtp.getreply())
        if smtp.sock is not None:
            smtp.sock.settimeout(COMMAND_TIMEOUT)
        return said

    def close(self) -> None:
        """QUIT, whatever comes back: what it raises would say nothing about a message."""
        if self.smtp is not None and self.smtp.sock is not None:
            self.smtp.sock.settimeout(CONNECT_TIMEOUT)
            with suppress(OSError):
                self.smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        smtp, self.smtp = self.smtp, None
        if smtp is not None:
            smtp.close()


def dot_stuffed(message: bytes) -> bytes:
    """Give a message as DATA wants it: CRLF throughout and at its end, leading dots doubled."""
    lines = _LINE_END.sub(b"\r\n", message)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _server_reply(reply: tuple[int, bytes]) -> ServerReply:
    return ServerReply(reply[0], " ".join(reply[1].decode("utf-8", "replace").split()))


def _unavailable_by_reply(said: ServerReply) -> ServerUnavailable:
    return ServerUnavailable(
        f"the server says “{said.code} {said.text}”",
        needs_person=said.code in AUTHENTICATION_CODES,
        is_connection_limit=said.code == TOO_MANY_CONNECTIONS,
    )


def _unavailable_by_error(error: Exception) -> ServerUnavailable:  # noqa: PLR0911 — one sentence for each cause
    """Say in words why no message can go. Every SMTPException is an OSError, so the order matters."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        text = _server_reply((error.smtp_code, _in_bytes(error.smtp_error))).text
        said = f"{error.smtp_code} {text}"
        reason = f"the server refuses our password ({said}; settings MAIL_USERNAME and MAIL_PASSWORD)"
        return ServerUnavailable(reason, needs_person=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerUnavailable(f"the server does not offer what the settings ask for: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _unavailable_by_reply(_server_reply((error.smtp_code, _in_bytes(error.smtp_error))))
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerUnavailable(f"certificate not trusted ({error.verify_message})")
    if isinstance(error, ssl.SSLError):
        return ServerUnavailable("no encrypted connection to the server")
    if isinstance(error, socket.gaierror):
        return ServerUnavailable("server not found (setting MAIL_SERVER)")
    if isinstance(error, ValueError):
        return ServerUnavailable(f"the mail settings cannot be used ({error})")
    return ServerUnavailable("server not reachable")


def _in_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
