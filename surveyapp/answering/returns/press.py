"""The press of a button on a page, and the autosaves that belong to the page."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from surveyapp.answering.keyed_in import KeyedBy
from surveyapp.answering.models import Return

_SUBMISSION_ID = re.compile(r"[a-zA-Z0-9_-]{8,40}")
_PREFIX = "auto-"
_LONGEST_ID = 40
_FRESH_LENGTH = 22
_AUTOSAVE_ID = re.compile(rf"{_PREFIX}[a-zA-Z0-9_-]{{1,{_LONGEST_ID - len(_PREFIX)}}}")


@dataclass(frozen=True)
class ButtonPress:
    """What a page sends with its answers: an id, so that two presses count once, and the version it saw.

    `supersedes` are the ids of the autosaves that a Save of this page replaces: its own, those it was opened
    with and those it displayed. `keyed_by` is set if staff press it on behalf of the contact.
    """

    submission_id: str
    seen_version: int
    supersedes: tuple[str, ...] = ()
    keyed_by: KeyedBy | None = None

    @classmethod
    def fresh(cls, audit_return: Return | None) -> "ButtonPress":
        """A press for a page that is about to be shown, with a fresh id."""
        return cls(secrets.token_urlsafe(16), audit_return.version if audit_return else 0)

    @classmethod
    def after_clash(cls, submission_id: str, audit_return: Return) -> "ButtonPress":
        """The press of the page that shows a clash; always the same one for the same clash.

        A page that is sent twice shows its clash twice, and its text is to be kept once.
        """
        digest = hashlib.sha256(f"clash {submission_id}".encode()).hexdigest()
        return cls(digest[:_FRESH_LENGTH], audit_return.version)

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> "ButtonPress":
        """Read a press from a posted form. A malformed id becomes a new one, a malformed version 0."""
        submission_id, seen_version = form.get("submission-id", ""), form.get("seen-version", "")
        version = int(seen_version) if re.fullmatch(r"[0-9]{1,9}", seen_version) else 0
        if not _SUBMISSION_ID.fullmatch(submission_id):
            submission_id = secrets.token_urlsafe(16)
        displayed = _valid_autosave_ids(form.getlist("looked-at"))
        supersedes = (autosave_id(submission_id), *continued_autosaves(form), *displayed)
        return cls(submission_id, version, supersedes)


def autosave_id(submission_id: str) -> str:
    """The id under which a page stores its autosaves, 40 characters at most."""
    return (_PREFIX + submission_id)[:_LONGEST_ID]


def continued_autosaves(form: MultiDict[str, str]) -> tuple[str, ...]:
    """Ids of the autosaves that the page opened with and continues."""
    return _valid_autosave_ids(form.getlist("continues"))


def _valid_autosave_ids(ids: Iterable[str]) -> tuple[str, ...]:
    # A page may send anything.
    return tuple(autosave for autosave in ids if _AUTOSAVE_ID.fullmatch(autosave))
