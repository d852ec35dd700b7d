"""The link in a contact's email.

Half of it stored, half derived from a key that is not in the database (promises 3.5).
"""

import hmac
import re
import secrets
from base64 import b32encode
from hashlib import sha256
from urllib.parse import unquote

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.models import Delegation, Grant

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 24
TOKEN_LENGTH = 50
# What a test copy carries instead: it has the shape of a link and opens nothing.
TEST_TOKEN = "test-copy"  # noqa: S105 — a word, not a secret
_LABEL = b"surveyapp/link/v1\0"
_MARK_BYTES = 16
_TOKEN = re.compile(rf"(?<![a-z0-9])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z0-9])")
# Pasted text is searched for a link no further than this.
_LONGEST_PASTED = 5_000


class LinkUnknown(NotFound):
    """No link of ours: mistyped, incomplete, guessed, or withdrawn since."""

    def __init__(self) -> None:
        """Say the same whatever the reason is."""
        super().__init__(
            "This link does not work.",
            way_on="Check that you have the whole address from the email. "
            "A link also stops working when it has been replaced.",
        )


class LinkReplaced(LinkUnknown):
    """The link of someone who no longer answers for their agency, as the partnership has it."""

    def __init__(self) -> None:
        """Say so to whoever holds it; it opens nothing."""
        super().__init__()
        self.message = "This link has been replaced."
        self.way_on = "You no longer answer for your agency, as we have it. If you do, ring us and say so."


class DelegatedLinkEnded(LinkUnknown):
    """The link of a colleague whose last case went back to the one who had passed it on."""

    def __init__(self) -> None:
        """Say so to whoever holds it; it opens nothing, and names nobody."""
        super().__init__()
        self.message = "What was passed to you is not with you any more."
        self.way_on = "It was returned, sent back or taken back. There is nothing for you to do."


def draw_public_id() -> str:
    """Draw 24 characters, 120 random bits, that name a row in an address without telling anything."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def link_token(public_id: str, version: int, key: bytes) -> str:
    """Derive the 50 characters of a link from a grant's public id and version, and one link key."""
    mark = hmac.new(key, _LABEL + f"{public_id}\0{version}".encode(), sha256).digest()[:_MARK_BYTES]
    return public_id + b32encode(mark).decode().rstrip("=").lower()


def link_for(grant: Grant) -> str:
    """The link of a contact's emails, made from the settings and never from a request."""
    return _address(link_token(grant.public_id, grant.version, keys().link[0]))


def test_link() -> str:
    """The link that a test copy and a preview show: it opens nothing."""
    return _address(TEST_TOKEN)


def absolute_url(path: str) -> str:
    """The whole address of a page of ours, for an email: from the settings and never from a request."""
    return f"{settings().public_base_url}{current_app.extensions['survey'].url_prefix}{path}"


def _address(token: str) -> str:
    return absolute_url(f"/r/{token}/")


def token_in(text: str) -> str:
    """Find the token in a link as people and gateways leave it: in capitals, wrapped, rewritten, punctuated.

    Empty when there is none, or more than one that differ.
    """
    plain = unquote(unquote(text[:_LONGEST_PASTED])).lower()
    found = set(_TOKEN.findall(plain)) or set(_TOKEN.findall(re.sub(r"=?\s+", "", plain)))
    return found.pop() if len(found) == 1 else ""


def grant_for_token(text: str) -> Grant:
    """The grant whose link this is. Raises LinkUnknown, after the same work, for anything else."""
    token = token_in(text)
    wanted = select(Grant).where(Grant.public_id == token[:ID_LENGTH])
    grant = session.scalar(wanted.options(joinedload(Grant.audit), joinedload(Grant.contact)))
    # For an id that is not ours a mark is worked out as well, so that the time tells nothing.
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
    """Whether this was the last link of a grant that a pass made, and that ended with it."""
    before = [link_token(grant.public_id, grant.version - 1, key) for key in keys().link]
    passes = select(Delegation.id).where(Delegation.to_grant_id == grant.id).limit(1)
    return any(hmac.compare_digest(each, token) for each in before) and session.scalar(passes) is not None
