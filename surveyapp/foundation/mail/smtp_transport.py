"""The mail transport for SMTP: one connection for many messages."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Any

from flask import current_app

from surveyapp.foundation.mail import smtp_connection as timeouts
from surveyapp.foundation.mail.compose import sender
from surveyapp.foundation.mail.smtp_connection import SurveyConnection
from surveyapp.foundation.mail.transport import SMTP_OK, MessageRejected, ServerReply, ServerUnavailable
from surveyapp.foundation.words.email_addresses import is_address

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
GO_AHEAD = 354
CONNECTION_CLOSING = 421
TOO_MANY_CONNECTIONS = 432
WHOLE_SERVER_CODES = (CONNECTION_CLOSING, TOO_MANY_CONNECTIONS)
AUTHENTICATION_CODES = (530, 534, 535, 538)


class SmtpTransport:
    """Delivers to the mail server of the host's Flask-Mail settings."""

    def __init__(self) -> None:
        """Begin without a connection: open() makes it."""
        self.smtp: smtplib.SMTP | None = None
        self.taken = 0

    def open(self) -> None:
        """Connect, encrypt and sign in, unless connected; reconnect after Flask-Mail’s MAIL_MAX_EMAILS."""
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
        """The open connection. Raises SMTPServerDisconnected."""
        if self.smtp is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.smtp

    def offer(self, to: str) -> None:
        """MAIL and RCPT: a refused sender concerns every message, a refused recipient only this one."""
        if not is_address(to):
            raise MessageRejected(ServerReply(553, "This is no address that mail servers take."))
        reply = self._mail_from()
        if reply.code != SMTP_OK:
            raise _unavailable_by_reply(reply)
        reply = _server_reply(self.connected.rcpt(to))
        if reply.code in WHOLE_SERVER_CODES or reply.code in AUTHENTICATION_CODES:
            raise _unavailable_by_reply(reply)
        if reply.code not in (SMTP_OK, 251):
            raise MessageRejected(reply)

    def _mail_from(self) -> ServerReply:
        """MAIL; repeated on a new connection if the server closed the old one between messages."""
        try:
            reply = _server_reply(self.connected.mail(sender()[1]))
        except OSError:
            if not self.taken:
                raise
            reply = ServerReply(CONNECTION_CLOSING, "")
        if reply.code != CONNECTION_CLOSING or not self.taken:
            return reply
        self.drop()
        self.open()
        return _server_reply(self.connected.mail(sender()[1]))

    def withdraw(self) -> None:
        """RSET: cancel the offer."""
        try:
            self.connected.rset()
        except OSError:
            self.close()

    def give(self, message: bytes, mail_id: int) -> None:  # noqa: ARG002 — FolderTransport needs it for the file name
        """DATA, and the message with its final dot."""
        smtp = self.connected
        smtp.putcmd("data")
        reply = _server_reply(smtp.getreply())
        if reply.code in WHOLE_SERVER_CODES:
            raise _unavailable_by_reply(reply)
        if reply.code != GO_AHEAD:
            raise MessageRejected(reply)
        smtp.send(dot_stuffed(message) + b".\r\n")
        self.taken += 1

    def answer(self) -> ServerReply:
        """Wait for the reply to the final dot."""
        smtp = self.connected
        if smtp.sock is not None:
            smtp.sock.settimeout(timeouts.FINAL_REPLY_TIMEOUT)
        reply = _server_reply(smtp.getreply())
        if smtp.sock is not None:
            smtp.sock.settimeout(timeouts.COMMAND_TIMEOUT)
        return reply

    def close(self) -> None:
        """QUIT; errors are ignored, since no message depends on it."""
        if self.smtp is not None and self.smtp.sock is not None:
            self.smtp.sock.settimeout(timeouts.CONNECT_TIMEOUT)
            with suppress(OSError):
                self.smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Close the socket without QUIT."""
        smtp, self.smtp = self.smtp, None
        if smtp is not None:
            smtp.close()


def dot_stuffed(message: bytes) -> bytes:
    """A message as DATA requires it: CRLF line ends, also at its end, and leading dots doubled."""
    lines = _LINE_END.sub(b"\r\n", message)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _server_reply(reply: tuple[int, bytes]) -> ServerReply:
    return ServerReply(reply[0], " ".join(reply[1].decode("utf-8", "replace").split()))


def _unavailable_by_reply(reply: ServerReply) -> ServerUnavailable:
    return ServerUnavailable(
        f"the server says “{reply.code} {reply.text}”",
        needs_person=reply.code in AUTHENTICATION_CODES,
        is_connection_limit=reply.code == TOO_MANY_CONNECTIONS,
    )


def _unavailable_by_error(error: Exception) -> ServerUnavailable:  # noqa: PLR0911 — one sentence for each cause
    """The reason, worded for the banner. Every SMTPException is an OSError, so the order matters."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reply = _server_reply((error.smtp_code, _in_bytes(error.smtp_error)))
        refusal = f"{reply.code} {reply.text}"
        reason = f"the server refuses the user or the password of our settings ({refusal})"
        return ServerUnavailable(reason, needs_person=reply.is_permanent)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerUnavailable(f"the server does not offer what the settings ask for: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _unavailable_by_reply(_server_reply((error.smtp_code, _in_bytes(error.smtp_error))))
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerUnavailable(f"certificate not trusted ({error.verify_message})")
    if isinstance(error, ssl.SSLError):
        return ServerUnavailable("no encrypted connection to the server")
    if isinstance(error, socket.gaierror):
        return ServerUnavailable("no server has the name in our settings")
    if isinstance(error, ValueError):
        return ServerUnavailable(f"the mail settings cannot be used ({error})")
    return ServerUnavailable("server not reachable")


def _in_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
