"""Recognises reports of non-delivery and automatic replies, from the first bytes of a message."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Literal

from surveyapp.foundation.words.clean_text import clean_line

# As much of a message as is read. A report has its parts about the delivery at its beginning.
LONGEST_READ = 256_000
LONGEST_SAID = 500
LONGEST_STATUS = 20
MOST_IDS = 20
MOST_PARTS = 50
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_AUTOMATIC = ("auto-replied", "auto-generated")


@dataclass(frozen=True)
class MailReport:
    """What a message says about emails of ours, by the Message-IDs that it names.

    `kind` is "bounce" for a permanent failure, "away" for an automatic reply, and "delayed" for a report
    after which the sender tries on.
    """

    kind: Literal["bounce", "away", "delayed"]
    message_ids: tuple[str, ...]
    status: str = ""
    said: str = ""


def read_report(raw: bytes, *, host: str) -> MailReport | None:
    """Read the first bytes of a message; None for any that is no report or reply about an email of ours.

    `host` is that of our Message-IDs. Whatever the message holds, this neither raises nor takes longer than
    in proportion to its length, of which at most LONGEST_READ bytes count.
    """
    raw = raw[:LONGEST_READ]
    try:
        return _report(message_from_bytes(raw), raw, host)
    except Exception:  # noqa: BLE001 — a hostile message may break any parser, as by a thousand nested parts
        return None


def _report(message: Message, raw: bytes, host: str) -> MailReport | None:
    if message.get_content_type() == "multipart/report" or _reports_failure(message):
        ids = _ids_in(raw, host) or _ids_in(b"\n".join(_decoded(message)), host)
        return _delivery_report(message, ids) if ids else None
    replied_to = _ids_in(f"{message['In-Reply-To']} {message['References']}".encode(errors="replace"), host)
    if replied_to and str(message["Auto-Submitted"] or "").strip().lower().startswith(_AUTOMATIC):
        return MailReport("away", replied_to, said=_shortened(_first_text(message)))
    return None


def _delivery_report(message: Message, ids: tuple[str, ...]) -> MailReport | None:
    for part in _parts(message):
        if part.get_content_type() == "message/delivery-status":
            by_action = _by_action(part)
            if "failed" in by_action:
                failed = by_action["failed"]
                status = _STATUS.search(str(failed["Status"] or ""))
                said = str(failed["Diagnostic-Code"] or failed["Status"] or "")
                return MailReport("bounce", ids, status[0] if status else "", _shortened(said))
            if by_action.keys() & {"delayed", "delivered", "relayed", "expanded"}:
                return MailReport("delayed", ids)
    if _reports_failure(message):
        return MailReport("bounce", ids, said=_shortened(_first_text(message)))
    return None


def _by_action(part: Message) -> dict[str, Message]:
    """The first block of fields for each action in a part about the delivery (RFC 3464)."""
    blocks = part.get_payload()
    found: dict[str, Message] = {}
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message):
            found.setdefault(str(block["Action"] or "").strip().lower(), block)
    return found


def _reports_failure(message: Message) -> bool:
    """Whether this is one of the many reports that keep to no standard, by flufl.bounce."""
    from flufl.bounce import all_failures

    # It logs what breaks it with the message's own words, which no log of ours holds (promises P9).
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)
    try:
        _temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 — some of its detectors expect headers that a message may lack
        return False
    return bool(permanent)


def _ids_in(text: bytes, host: str) -> tuple[str, ...]:
    """The Message-IDs of ours in a text, at most MOST_IDS."""
    pattern = rb"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@" + re.escape(host.encode()) + rb">"
    found = dict.fromkeys(match[0].decode("ascii") for match in re.finditer(pattern, text))
    return tuple(found)[:MOST_IDS]


def _parts(message: Message) -> Iterator[Message]:
    """The first parts of a message, each before those inside it."""
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _decoded(message: Message) -> Iterator[bytes]:
    """The contents of the parts, without base64 or quoted-printable."""
    for part in _parts(message):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content


def _first_text(message: Message) -> str:
    for part in _parts(message):
        content = part.get_payload(decode=True) if part.get_content_type() == "text/plain" else None
        if isinstance(content, bytes):
            return _text(content, part.get_content_charset() or "utf-8")
    return ""


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", errors="replace")


def _shortened(text: str) -> str:
    line = clean_line(text[: 4 * LONGEST_SAID])
    return line if len(line) <= LONGEST_SAID else f"{line[: LONGEST_SAID - 1]}…"
