"""Adding, using and removing passkeys."""

from datetime import datetime

from sqlalchemy import delete, select, update

from surveyapp.foundation.store.db import insert_once, session, update_rows
from surveyapp.foundation.store.event_log import record_event
from surveyapp.standalone.models import Passkey, Staff
from surveyapp.standalone.passkeys.ceremonies import NewPasskey, PasskeyRefused, uses_after_signing_in


def passkeys_of(staff_id: int) -> list[Passkey]:
    """The passkeys of an account, in the order in which they were added."""
    return list(session.scalars(select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id)))


def add_passkey(staff: Staff, made: NewPasskey, *, device: str, now: datetime) -> None:
    """Add a passkey to an account. Raises PasskeyRefused for one that some account has already."""
    row = insert_once(
        Passkey,
        unique=("credential_id",),
        staff_id=staff.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        uses=made.uses,
        device=device,
        added_at=now,
    )
    if row is None:
        raise PasskeyRefused
    record_event(staff.name, "added_passkey", f"staff {staff.id}", staff.name, now=now)


def sign_in_with_passkey(credential_id: bytes, answer: str, *, challenge: bytes, now: datetime) -> Staff:
    """The account whose passkey signed the challenge. Raises PasskeyRefused, whatever is wrong."""
    found = session.execute(
        select(Passkey, Staff)
        .join(Staff, Staff.id == Passkey.staff_id)
        .where(Passkey.credential_id == credential_id)
    ).first()
    if found is None or found[1].suspended_at is not None:
        raise PasskeyRefused
    passkey, staff = found
    uses = uses_after_signing_in(
        answer, challenge=challenge, public_key=passkey.public_key, uses=passkey.uses
    )
    update_rows(update(Passkey).where(Passkey.id == passkey.id).values(uses=uses, last_used_at=now))
    return staff


def remove_passkey(staff: Staff, passkey_id: int, *, now: datetime) -> bool:
    """Remove a passkey of an account; False if it has none such."""
    of_account = delete(Passkey).where(Passkey.id == passkey_id, Passkey.staff_id == staff.id)
    if session.execute(of_account.returning(Passkey.id)).first() is None:
        return False
    record_event(staff.name, "removed_passkey", f"staff {staff.id}", staff.name, now=now)
    return True
