"""The outbox: queues emails as rows, cancels and expires them, and stores decisions on doubtful ones."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal
from uuid import uuid4

from flask import current_app
from sqlalchemy import Select, and_, or_, select, update

from surveyapp.foundation.errors import NotFound, Refused, SurveyError
from surveyapp.foundation.mail.waking import wake_worker
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import insert_once, session, update_rows
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address

# How long delivery is tried when a kind sets no lifetime (promises 5).
DEFAULT_LIFETIME = timedelta(hours=72)


@dataclass(frozen=True)
class Email:
    """One email: its template folder, its only recipient’s address and name, and the templates’ variables.

    A recipient with a name is greeted by it; a mailbox of several people has none.
    """

    name: str
    to: str
    words: dict[str, Any] = field(default_factory=dict)
    to_name: str = ""


@dataclass(frozen=True)
class MailKind:
    """One kind of email and its policy.

    `on_doubt` is for an email of which it is unknown whether the mail server accepted it: "hold" shows it to
    a person, "resend" delivers it again. `lock` locks the subject's row; `word` builds the email, or returns
    None when it is no longer due or the recipient's address has changed. `lifetime` is how long delivery is
    tried; None means 72 hours. `is_urgent`: somebody is waiting for it, so it leaves before other emails.
    `word_with_key` replaces `word` for a kind whose words depend on the email's own key too.
    """

    name: str
    on_doubt: Literal["hold", "resend"]
    lock: Callable[[int], object]
    word: Callable[[int, str], Email | None]
    lifetime: timedelta | None = None
    is_urgent: bool = False
    word_with_key: Callable[[int, str, str], Email | None] | None = None

    def worded(self, subject_id: int, to: str, *, key: str) -> Email | None:
        """The email as it is worded now; None when it is no longer due or its address has changed."""
        return self.word_with_key(subject_id, to, key) if self.word_with_key else self.word(subject_id, to)


# A message sent from the mail page to see whether mail works; when it is accepted, paused mail resumes.
TEST_KIND = MailKind(
    "test",
    on_doubt="hold",
    lock=lambda _subject: None,
    word=lambda _subject, to: Email("test", to),
    lifetime=timedelta(hours=1),
)


def mail_kinds() -> dict[str, MailKind]:
    """Every kind of email of this app, by name."""
    return {TEST_KIND.name: TEST_KIND, **current_app.extensions["survey"].mail_kinds}


def is_of_example(kind: str, subject_id: int) -> bool:
    """Whether an email of this kind is about the example audit, whose people are invented."""
    about_example: Callable[[str, int], bool] = current_app.extensions["survey"].is_of_example
    return about_example(kind, subject_id)


def urgent_kinds() -> set[str]:
    """The names of the kinds of email that somebody is waiting for."""
    return {name for name, kind in mail_kinds().items() if kind.is_urgent}


def queue_email(  # noqa: PLR0913 — columns that only the caller knows
    kind: str,
    subject_id: int,
    *,
    to: str,
    key: str,
    now: datetime,
    source: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Queue one email, to be worded and sent after the commit; False if its key exists already.

    `key` is unique for ever, so that pressing twice, or two workers at once, queue only one. `source` is who
    caused it, such as "grant 12", empty for staff and the worker; sources take turns. Moments are UTC:
    delivery begins at `not_before`, by default now, and is given up at `expires_at`, by default after the
    kind's lifetime.
    """
    policy = mail_kinds()[kind]
    row = insert_once(
        Outbox,
        unique=["dedupe_key"],
        dedupe_key=key,
        kind=kind,
        subject_id=subject_id,
        to_addr=to,
        source=source,
        state="queued",
        on_doubt=policy.on_doubt,
        # Fixed here and never reused: mailboxes recognise a repeat by Message-ID and Date (promises P4).
        message_id=f"<{uuid4()}@{settings().host}>",
        date_header=format_datetime(now),
        not_before=not_before or now,
        expires_at=expires_at or (not_before or now) + (policy.lifetime or DEFAULT_LIFETIME),
        attempts=0,
        lease_owner="",
        last_text="",
        created_at=now,
    )
    if row is not None:
        wake_worker()
    return row is not None


def send_test(to: str, *, now: datetime) -> None:
    """Queue a test message; every press queues another. Raises SurveyError for an invalid address."""
    address = clean_address(to)
    if not is_address(address):
        raise SurveyError(f"{address_problem(address)}.")
    queue_email(TEST_KIND.name, 0, to=address, key=f"test:{uuid4()}", now=now)


def cancel_emails(kinds: Collection[str], *subject_ids: int, now: datetime, why: str = "") -> int:
    """Cancel emails of these kinds about these subjects that have not been handed over; returns how many.

    The caller has locked the subjects first (promises 3.1), so that none is handed over meanwhile.
    """
    return update_rows(
        update(Outbox)
        .where(Outbox.kind.in_(kinds), Outbox.subject_id.in_(subject_ids), _can_be_cancelled())
        .values(state="cancelled", finished_at=now, last_text=why, lease_owner="", lease_until=None)
    )


def cancel_waiting(*, now: datetime, why: str) -> int:
    """Cancel every email that has not been handed over; returns how many. No worker may be sending."""
    waiting = update(Outbox).where(_can_be_cancelled())
    return update_rows(
        waiting.values(state="cancelled", finished_at=now, last_text=why, lease_owner="", lease_until=None)
    )


def _can_be_cancelled() -> Any:  # noqa: ANN401 — a condition in SQL
    return or_(Outbox.state == "queued", and_(Outbox.state == "sending", Outbox.handed_over_at.is_(None)))


def expire_emails(*, now: datetime) -> int:
    """Give up queued emails past their expiry; returns how many.

    An email that must arrive has failed, and staff see it; any other, such as a chaser, has expired.
    """
    late = update(Outbox).where(Outbox.state == "queued", Outbox.expires_at <= now)
    failed = late.where(Outbox.on_doubt == "resend").values(state="failed", finished_at=now)
    expired = late.where(Outbox.on_doubt == "hold").values(state="expired", finished_at=now)
    return update_rows(failed) + update_rows(expired)


def send_again(mail_id: int, *, actor: str, now: datetime) -> None:
    """Queue a doubtful or failed message again, with the same Message-ID.

    Raises NotFound if there is no such message, Refused if it is neither doubtful nor failed.
    """
    mail = _undecided(mail_id, ("doubtful", "failed"))
    mail.state, mail.finished_at, mail.handed_over_at = "queued", None, None
    mail.attempts, mail.not_before = 0, now
    kind = mail_kinds().get(mail.kind, TEST_KIND)
    if mail.expires_at is not None and mail.expires_at <= now:
        # It is worded again when it leaves; one that is no longer due is cancelled then.
        mail.expires_at = now + (kind.lifetime or DEFAULT_LIFETIME)
    record_event(actor, "sent_mail_again", f"mail {mail.id}", now=now)
    wake_worker()


def treat_as_sent(mail_id: int, *, actor: str, now: datetime) -> None:
    """Store a person's decision that a doubtful message was sent.

    Raises NotFound if there is no such message, Refused if it is not doubtful.
    """
    mail = _undecided(mail_id, ("doubtful",))
    mail.state, mail.finished_at = "sent", now
    record_event(actor, "treated_mail_as_sent", f"mail {mail.id}", now=now)


def count_as_bounced(mail_id: int, *, now: datetime) -> None:
    """Store that a message came back after the mail server had accepted it: it counts as not delivered.

    So its address counts as refused, and gets no more chasers (promises M21). Raises NotFound if there is no
    such message, Refused if it has not been sent.
    """
    mail = _undecided(mail_id, ("sent",))
    mail.state, mail.finished_at = "failed", now
    mail.last_code, mail.last_text = None, "It came back undelivered."


def mark_as_sent(kind: str, subject_ids: Select[int], *, at: datetime | None = None) -> int:
    """Mark queued emails of a kind about these subjects as sent, without sending them; returns how many.

    `at` is UTC, by default the moment each was queued. For the demonstration, whose emails go to nobody.
    """
    queued = update(Outbox).where(
        Outbox.kind == kind, Outbox.subject_id.in_(subject_ids), Outbox.state == "queued"
    )
    moment = Outbox.created_at if at is None else at
    return update_rows(queued.values(state="sent", handed_over_at=moment, finished_at=moment))


def _undecided(mail_id: int, states: tuple[str, ...]) -> Outbox:
    mail = session.scalar(select(Outbox).where(Outbox.id == mail_id).with_for_update())
    if mail is None:
        raise NotFound
    if mail.state not in states:
        raise Refused(
            "This message has been decided already.",
            way_on="Go back to the list: it shows how it stands now.",
        )
    return mail
