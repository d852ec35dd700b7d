"""Two kinds of email for tests: letters, which are held in doubt, and parcels, which are sent again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from surveyapp.foundation.mail import outbox as rows
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING


@dataclass
class Post:
    """Queues emails about made-up subjects, and shows what was delivered."""

    # The current address of each subject; a subject that is missing is no longer due.
    due: dict[int, str] = field(default_factory=dict)
    broken: bool = False

    def word(self, subject_id: int, _to: str) -> Email | None:
        if self.broken:
            raise ZeroDivisionError(self.due[subject_id])
        to = self.due.get(subject_id)
        return Email("test", to=to) if to else None

    def queue(  # noqa: PLR0913 — as many as `queue` has
        self,
        subject_id: int = 1,
        *,
        kind: str = "letter",
        key: str = "",
        now: datetime = MONDAY_MORNING,
        source: str = "",
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> bool:
        """Queue one email, by default due, and commit."""
        to = self.due.setdefault(subject_id, f"a{subject_id}@agency.example")
        with transaction():
            return rows.queue_email(
                kind,
                subject_id,
                to=to,
                key=key or f"{kind}:{subject_id}",
                now=now,
                source=source,
                not_before=not_before,
                expires_at=expires_at,
            )

    def lapse(self) -> None:
        """End every lease."""
        with transaction():
            session.execute(update(Outbox).values(lease_until=MONDAY_MORNING - timedelta(days=9999)))

    @property
    def folder(self) -> list[EmailMessage]:
        """The delivered messages, in the order of their rows."""
        files = sorted(Path(settings().mail_folder).glob("*.eml"), key=lambda file: int(file.stem))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@pytest.fixture
def post(app: Flask) -> Post:
    test_post = Post()
    kinds = app.extensions["survey"].mail_kinds
    kinds["letter"] = MailKind("letter", on_doubt="hold", lock=lambda _subject: None, word=test_post.word)
    kinds["parcel"] = MailKind("parcel", on_doubt="resend", lock=lambda _subject: None, word=test_post.word)
    return test_post


@pytest.fixture
def mail(outbox: Callable[[], list[Outbox]]) -> Callable[[], Outbox]:
    """Reads the email that was queued last."""

    def last() -> Outbox:
        session.rollback()
        return outbox()[-1]

    return last
