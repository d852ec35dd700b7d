"""The link in a contact's email: made from a grant, and found in what people paste (promises 3.5).

Half of a link is stored. The other half is derived from it with a key that is not in the database.
"""

import hmac
import re
import secrets
import unicodedata
from base64 import b32encode
from hashlib import sha256
from urllib.parse import unquote

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Contact
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.models import Delegation, Grant
from surveyapp.planning.models import Audit

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 24
TOKEN_LENGTH = 50
# In the link of a test copy, which opens nothing.
TEST_TOKEN = "test-copy"  # noqa: S105 — a word, not a secret
_LABEL = b"surveyapp/link/v1\0"
_MARK_BYTES = 16
_TOKEN = re.compile(rf"(?<![a-z0-9])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z0-9])")
# What breaks a link into lines: white space, the “=” of quoted-printable, and the marks of a quoted reply.
_BREAK = re.compile(r"=(?=\s)|[\s>|]+")
# Invisible characters that Unicode counts as marks: the grapheme joiner and the variation selectors.
_INVISIBLE_MARKS = frozenset("\u034f") | {chr(code) for code in range(0xFE00, 0xFE10)}
# The number of characters of a pasted text that are searched for a link.
_LONGEST_PASTED = 5_000


class LinkUnknown(NotFound):
    """The text is no link in force: it is mistyped, incomplete, guessed or replaced."""

    def __init__(self) -> None:
        """Set the message, which is the same whatever the reason."""
        super().__init__(
            "This link does not work.",
            way_on="Check that you have the whole address from the email. "
            "A link also stops working when it has been replaced.",
        )


class LinkReplaced(LinkUnknown):
    """The link belongs to a contact whom staff have marked as having left the agency."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__()
        self.message = "This link has been replaced."
        self.way_on = "You no longer answer for your agency, as we have it. If you do, ring us and say so."


class DelegatedLinkEnded(LinkUnknown):
    """The link belonged to a colleague whose last case went back to the contact who passed it on."""

    def __init__(self) -> None:
        """Set the message, which names nobody."""
        super().__init__()
        self.message = "What was passed to you is not with you any more."
        self.way_on = "It was returned, sent back or taken back. There is nothing for you to do."


def draw_public_id() -> str:
    """Draw 24 characters, 120 random bits, that identify a row in an address and reveal nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def link_token(public_id: str, version: int, key: bytes) -> str:
    """Derive the 50 characters of a link from a grant's public id, its version and one link key."""
    mark = hmac.new(key, _LABEL + f"{public_id}\0{version}".encode(), sha256).digest()[:_MARK_BYTES]
    return public_id + b32encode(mark).decode().rstrip("=").lower()


def link_for(grant: Grant) -> str:
    """The link for a contact's emails. Its host comes from the settings, never from a request."""
    return _address(link_token(grant.public_id, grant.version, keys().link[0]))


def test_link() -> str:
    """The link in a test copy and in a preview; it opens nothing."""
    return _address(TEST_TOKEN)


def absolute_url(path: str) -> str:
    """The whole address of a page, for an email; its host comes from the settings, never from a request."""
    return f"{settings().public_base_url}{current_app.extensions['survey'].url_prefix}{path}"


def _address(token: str) -> str:
    return absolute_url(f"/r/{token}/")


def token_in(text: str) -> str:
    """Find the token in a link that people or mail gateways put in capitals, wrapped, quoted or rewrote.

    Empty if there is none, or if there are several different ones.
    """
    decoded = unquote(unquote(text[:_LONGEST_PASTED]))
    plain = "".join(character for character in decoded if not _is_invisible(character)).lower()
    tokens = set(_TOKEN.findall(plain)) or set(_TOKEN.findall(_BREAK.sub("", plain)))
    return tokens.pop() if len(tokens) == 1 else ""


def _is_invisible(character: str) -> bool:
    """Whether programs put this character into a long word, to break or to mark it, without showing it."""
    return unicodedata.category(character) == "Cf" or character in _INVISIBLE_MARKS


_GRANT_WITH_PUBLIC_ID = (
    select(Grant)
    .where(Grant.public_id == bindparam("public_id"))
    .options(
        joinedload(Grant.audit).undefer(Audit.holds_references),
        joinedload(Grant.contact).joinedload(Contact.agency),
    )
)


def grant_for_token(text: str) -> Grant:
    """The grant whose link this is.

    Raises LinkUnknown for anything else, after the same work; for links that ended, its subclasses
    DelegatedLinkEnded and LinkReplaced.
    """
    token = token_in(text)
    grant = session.scalar(_GRANT_WITH_PUBLIC_ID, {"public_id": token[:ID_LENGTH]})
    # A link is derived for an unknown id too, so that the time taken reveals nothing.
    public_id, version = (grant.public_id, grant.version) if grant else ("a" * ID_LENGTH, 1)
    matches = [hmac.compare_digest(link_token(public_id, version, key), token) for key in keys().link]
    if grant is not None and grant.revoked_at is not None and _is_ended_delegation_link(grant, token):
        raise DelegatedLinkEnded
    if grant is None or grant.revoked_at is not None or not any(matches):
        raise LinkUnknown
    if grant.contact.left_at is not None:
        raise LinkReplaced
    return grant


def _is_ended_delegation_link(grant: Grant, token: str) -> bool:
    """Whether this was the last link of a grant that got a delegation and has been revoked since."""
    last_tokens = [link_token(grant.public_id, grant.version - 1, key) for key in keys().link]
    if not any(hmac.compare_digest(last_token, token) for last_token in last_tokens):
        return False
    delegations = select(Delegation.id).where(Delegation.to_grant_id == grant.id).limit(1)
    return session.scalar(delegations) is not None
