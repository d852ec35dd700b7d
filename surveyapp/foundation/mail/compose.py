"""Composes an email: renders its text, lays it out as HTML, and guards its headers against injection."""

import re
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup

from surveyapp.foundation.documents.emphasis import without_marks
from surveyapp.foundation.mail.email_html import email_html
from surveyapp.foundation.mail.outbox import Email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.person_names import name_in_greeting

# RFC 5321: 1,000 octets with CRLF.
LONGEST_LINE = 998
LONGEST_SUBJECT = 250
LONGEST_NAME = 100
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL)
_STYLE = re.compile(r' style="[^"]*"')
_BREAKS = re.compile("[\r\n\v\f\x00\x1c-\x1e\x85\u2028\u2029]")
# Marks that reverse the text direction, with which a name could look like another address.
_BIDI_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


class InvalidMessage(Exception):
    """The message cannot be written so that it arrives as intended."""


@dataclass(frozen=True)
class RenderedEmail:
    """An email as its reader will see it, for a preview or for sending."""

    subject: str
    text: str
    html: str

    @property
    def shown(self) -> Markup:
        """The body of the HTML for a preview within a page.

        Without its style attributes, which only mail programs need and the content security policy refuses.
        """
        body = _BODY.search(self.html)
        # The template is ours and escaped its values; no value holds a quotation mark unescaped.
        return Markup(_STYLE.sub("", body[1]) if body else "")  # noqa: S704 — see above


def render_email(email: Email) -> RenderedEmail:
    """Render an email's templates with its own words, the partnership's name and the settings.

    The text is written once, as `body.txt`; its HTML is the same words laid out (email_html).
    """
    words: dict[str, Any] = {
        "partnership": settings().partnership,
        "survey_settings": settings(),
        **email.words,
    }
    folder = f"survey/email/{email.name}"
    subject = " ".join(_BIDI_MARKS.sub("", render_template(f"{folder}/subject.txt", **words)).split())
    subject = subject[:LONGEST_SUBJECT]
    name = name_in_greeting(email.to_name)
    greeting = f"Hello {name},\n\n" if name else ""
    text = greeting + render_template(f"{folder}/body.txt", **words).strip()
    return RenderedEmail(
        subject=subject,
        text=without_marks(text) + "\n",
        html=email_html(text, subject=subject, link=words.get("link", "")).strip() + "\n",
    )


def sender() -> tuple[str, str]:
    """The sender's name and address: SURVEY_SENDER, else Flask-Mail's, else the contact address."""
    configured: Any = settings().sender or getattr(current_app.extensions.get("mail"), "default_sender", None)
    name, address = (
        configured
        if isinstance(configured, tuple)
        else parseaddr(str(configured or settings().contact_email))
    )
    return name or settings().partnership, address


def compose_message(email: Email, *, message_id: str, date_header: str) -> bytes:
    """Write an email as it is sent, with the Message-ID and Date that were fixed when it was queued.

    Raises InvalidMessage if a header would hold a line break or be read differently by its recipient.
    """
    rendered = render_email(email)
    name, address = sender()
    headers = {
        "From": _mailbox(name, address),
        "To": _mailbox(email.to_name, email.to),
        "Subject": rendered.subject,
        "Date": date_header,
        "Message-ID": message_id,
        "Reply-To": settings().contact_email,
        # Prevents automatic replies and mail loops (promises M22). Never "All", which suppresses reports
        # of non-delivery too ([MS-OXCMAIL] 2.1.3.2.20): only they tell that an address is dead.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply, DR, RN, NRN",
    }
    message = EmailMessage(policy=policy.SMTP)
    for header, value in headers.items():
        if _BREAKS.search(value):
            raise InvalidMessage(f"The header {header} would hold a line break.")
        message[header] = value
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    written = message.as_bytes()
    _check(written, email, headers, message)
    return written


def _mailbox(name: str, address: str) -> str:
    """A name and an address as a header shows them; a name that holds an address of its own is left out."""
    readable = _BIDI_MARKS.sub("", name_in_greeting(name))[:LONGEST_NAME].strip()
    try:
        return str(Address(readable, addr_spec=address))
    except (IndexError, ValueError, HeaderParseError) as error:
        raise InvalidMessage("The address is not one address.") from error


def _check(written: bytes, email: Email, headers: dict[str, str], message: EmailMessage) -> None:
    """Read the message back: only the intended headers, each once, one recipient, no line too long."""
    if max(map(len, written.split(b"\r\n"))) > LONGEST_LINE:
        raise InvalidMessage("A line would be longer than mail allows.")
    parsed = BytesHeaderParser(policy=policy.default).parsebytes(written)
    if sorted(parsed.keys()) != sorted(message.keys()):
        raise InvalidMessage("A header would be added that is not ours.")
    if [address.addr_spec for address in parsed["To"].addresses] != [email.to]:
        raise InvalidMessage("The address is not one address.")
    if parsed["Message-ID"] != headers["Message-ID"] or parsed["Date"] != headers["Date"]:
        raise InvalidMessage("The Message-ID or the date would not arrive as it was fixed.")
