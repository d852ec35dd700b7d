"""Connects to the mail server with time-outs, encryption and one authentication method."""

import ipaddress
import smtplib
import socket
import ssl

from flask_mail import Connection

from surveyapp.foundation.settings import settings

# Seconds (promises M7): to connect, for each command, and for the reply to the whole message.
CONNECT_TIMEOUT = 10.0
COMMAND_TIMEOUT = 60.0
FINAL_REPLY_TIMEOUT = 300.0


class SMTPWithTimeouts(smtplib.SMTP):
    """An SMTP client with a short time-out for connecting and a longer one for each command."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        connected.settimeout(COMMAND_TIMEOUT)
        return connected


class SMTPSWithTimeouts(SMTPWithTimeouts, smtplib.SMTP_SSL):
    """The same for a connection that is encrypted from its first byte."""


class SurveyConnection(Connection):
    """Flask-Mail’s connection with time-outs, and with certificates verified before signing in."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in by Flask-Mail’s settings; never in debug mode, which prints links."""
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
    """Keep one authentication method: each further one would be another wrong password (promises M5)."""
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    encrypted = isinstance(smtp.sock, ssl.SSLSocket)
    preferred = ("PLAIN", "LOGIN", "CRAM-MD5") if encrypted else ("CRAM-MD5", "PLAIN", "LOGIN")
    best = next((method for method in preferred if method in offered), None)
    if best is not None:
        smtp.esmtp_features["auth"] = best


def _greeting_name() -> str:
    """The name for EHLO: the host of our links, so that the machine's name stays private."""
    try:
        return f"[{ipaddress.IPv4Address(settings().host)}]"
    except ValueError:
        return settings().host
