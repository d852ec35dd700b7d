"""From an Email value to the bytes that leave: text and plain HTML, and headers that nobody can add to."""

import re
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import Any

from flask import current_app, render_template

from surveyapp.foundation.mail.outbox import Email
from surveyapp.foundation.settings import settings

# RFC 5321: a line of 1,000 octets with its CRLF.
LONGEST_LINE = 998
LONGEST_SUBJECT = 250
LONGEST_NAME = 100
_BREAKS = re.compile("[\r\n\v\f\x00\x1c-\x1e\x85\u2028\u2029]")
# Marks that turn the direction of what follows: a name could dress up as another address.
_BIDI_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


class InvalidMessage(Exception):
    """The message cannot be written so that it arrives as meant."""


@dataclass(frozen=True)
class RenderedEmail:
    """An email as its reader will see it: what a preview shows and a message carries."""

    subject: str
    text: str
    html: str


def render_email(email: Email) -> RenderedEmail:
    """Word an email from its folder of templates, with the partnership's standing words beside its own."""
    words: dict[str, Any] = {
        "partnership": settings().partnership,
        "survey_settings": settings(),
        **email.words,
    }
    folder = f"survey/email/{email.name}"
    subject = " ".join(_BIDI_MARKS.sub("", render_template(f"{folder}/subject.txt", **words)).split())
    return RenderedEmail(
        subject=subject[:LONGEST_SUBJECT],
        text=render_template(f"{folder}/body.txt", **words).strip() + "\n",
        html=render_template(f"{folder}/body.html", **words).strip() + "\n",
    )


def sender() -> tuple[str, str]:
    """The name and the address that mail comes from: ours, else Flask-Mail's, else the contact address."""
    mine: Any = settings().sender or getattr(current_app.extensions.get("mail"), "default_sender", None)
    name, address = mine if isinstance(mine, tuple) else parseaddr(str(mine or settings().contact_email))
    return name or settings().partnership, address


def compose_message(email: Email, *, message_id: str, date_header: str) -> bytes:
    """Write an email as it goes over the wire, with the Message-ID and Date that were fixed when queued.

    Raises CannotBeWritten where a header would hold a line break, or come out as something else than it says.
    """
    worded = render_email(email)
    name, address = sender()
    headers = {
        "From": str(Address(_BIDI_MARKS.sub("", " ".join(name.split()))[:LONGEST_NAME], addr_spec=address)),
        "To": email.to,
        "Subject": worded.subject,
        "Date": date_header,
        "Message-ID": message_id,
        "Reply-To": settings().contact_email,
        # Auto-replies are not wanted, and no loop may begin (promises M22).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    message = EmailMessage(policy=policy.SMTP)
    for header, value in headers.items():
        if _BREAKS.search(value):
            raise InvalidMessage(f"The header {header} would hold a line break.")
        message[header] = value
    message.set_content(worded.text, cte="quoted-printable")
    message.add_alternative(worded.html, subtype="html", cte="quoted-printable")
    written = message.as_bytes()
    _check(written, headers, message)
    return written


def _check(written: bytes, headers: dict[str, str], message: EmailMessage) -> None:
    """Read back what was written: the headers that were meant, each once, one recipient, no line too long."""
    if max(map(len, written.split(b"\r\n"))) > LONGEST_LINE:
        raise InvalidMessage("A line would be longer than mail allows.")
    read = BytesHeaderParser(policy=policy.default).parsebytes(written)
    if sorted(read.keys()) != sorted(message.keys()):
        raise InvalidMessage("A header would be added that is not ours.")
    if [each.addr_spec for each in read["To"].addresses] != [headers["To"]]:
        raise InvalidMessage("The address is not one address.")
    if read["Message-ID"] != headers["Message-ID"] or read["Date"] != headers["Date"]:
        raise InvalidMessage("The Message-ID or the date would not arrive as it was fixed.")
