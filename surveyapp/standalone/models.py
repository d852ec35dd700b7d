"""Accounts of staff who sign in to the standalone app, their sessions, links and second factor."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class Staff(Base):
    """One member of staff: name, email address, password hash and roles.

    Events and pages show the name, which is therefore nobody else’s: `name_key` says what the same name is.
    """

    __tablename__ = "survey_staff"
    __table_args__ = (CheckConstraint("roles <> ''", name="roles"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # Empty for somebody who has no password; no password matches it.
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    # Some of STAFF_ROLES, in their order, with a space between two.
    roles: Mapped[str] = mapped_column(String(80))
    # Increases with everything that ends a sign-in under way and the links sent before.
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    # When an invited person accepted; None until then.
    joined_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    # The key of the app that makes codes, in base 32, and the time step of the last code that was taken.
    totp_key: Mapped[str | None] = mapped_column(EncryptedText)
    totp_step: Mapped[int] = mapped_column(default=0)
    # What the organisation’s identity provider calls this person for ever; None until they sign in by it.
    oidc_subject: Mapped[str | None] = mapped_column(String(255))

    @property
    def role_set(self) -> frozenset[str]:
        """The roles."""
        return frozenset(self.roles.split())

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for a code."""
        return self.totp_key is not None


class StaffSession(Base):
    """One sign-in in one browser; the cookie holds a secret of which this row has the hash."""

    __tablename__ = "survey_staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("survey_staff.id"), index=True)
    started_at: Mapped[datetime]
    # Stored at most once a minute.
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # In words, such as “Firefox on Windows”.
    browser: Mapped[str] = mapped_column(String(60))


class Passkey(Base):
    """A passkey of a member of staff: a key pair of a device, of which this is the public half."""

    __tablename__ = "survey_passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("survey_staff.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    # How often the device says it has used it; many devices do not count, and say 0.
    uses: Mapped[int] = mapped_column(BigInteger)
    # In words, such as “Firefox on Windows”.
    device: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in once for the app that makes codes; only its keyed hash is stored."""

    __tablename__ = "survey_recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("survey_staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class WantedExample(Base):
    """A single row while the example is to be loaded: who asked, which worker loads it, whether it failed."""

    __tablename__ = "survey_wanted_example"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    # Until when a worker is loading it; None while it waits for one.
    lease_until: Mapped[datetime | None]
    # When loading it failed; nothing tries again until somebody asks.
    failed_at: Mapped[datetime | None]


class StaffLink(Base):
    """A link that is emailed to a member of staff and works once: to join, or to choose a new password.

    Half of the link is stored; the other half is derived from it with a key that is not in the database.
    """

    __tablename__ = "survey_staff_link"
    __table_args__ = (CheckConstraint("purpose IN ('join','new_password')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("survey_staff.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    # The account’s session epoch when the link was made: with a later one the link has ended.
    session_epoch: Mapped[int]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship()


class WantedPassword(Base):
    """An address at which somebody asked for a new password; the worker looks whether it has an account."""

    __tablename__ = "survey_wanted_password"

    # In small letters.
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    asked_at: Mapped[datetime]
