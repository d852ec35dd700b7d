"""Setting up, using and removing a second factor."""

import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from sqlalchemy import delete, func, select, update

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.digests import digest_of, is_digest_of
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.text_cipher import UnreadableText
from surveyapp.standalone.models import Passkey, RecoveryCode, Staff
from surveyapp.standalone.second_factor.totp import DIGITS, new_key, step_of_code

RECOVERY_CODES = 10
# 128 bits, written as groups of four: with 112 and more, a code needs no slow hash (ASVS 6.5.2).
_CODE_BYTES, _GROUP = 16, 4
_RECOVERY = "recovery code"
WRONG_CODE = "This code is not right, or it has been used. Wait for the next one in your app, and type that"


def sealed_key(staff: Staff) -> str:
    """A new key for an app, encrypted for the page that shows it: nothing is stored until a code is right."""
    return urlsafe_b64encode(keys().texts.encrypt(new_key(), _place_of_key(staff))).decode()


def key_in(sealed: str, staff: Staff) -> str:
    """The key that `sealed_key` encrypted. Raises FieldRefused if it is not one of this account."""
    try:
        return keys().texts.decrypt(urlsafe_b64decode(sealed), _place_of_key(staff))
    except (UnreadableText, ValueError):
        raise FieldRefused("code", "This page is out of date. Open it again") from None


def _place_of_key(staff: Staff) -> str:
    return f"page of staff {staff.id} that shows a key"


def set_up_app(staff: Staff, key: str, code: str, *, now: datetime) -> list[str]:
    """Ask for codes of this app from now on; returns ten recovery codes, which are shown once.

    An app set up before, and earlier recovery codes, stop working. Raises FieldRefused for a wrong code.
    """
    step = step_of_code(key, plain_code(code), after=0, now=now)
    if not step:
        raise FieldRefused("code", WRONG_CODE)
    staff.totp_key, staff.totp_step = key, step
    record_event(staff.name, "set_up_second_factor", f"staff {staff.id}", now=now)
    return make_recovery_codes(staff, actor=staff.name, now=now)


def make_recovery_codes(staff: Staff, *, actor: str, now: datetime) -> list[str]:
    """Make ten recovery codes; earlier ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = [
        b32encode(secrets.token_bytes(_CODE_BYTES)).decode().rstrip("=").lower()
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        hashed = digest_of(_RECOVERY, str(staff.id), code)
        session.add(RecoveryCode(staff_id=staff.id, code_hash=hashed))
    record_event(actor, "made_recovery_codes", f"staff {staff.id}", staff.name, now=now)
    return ["-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)) for code in codes]


def show_second_factor(staff: Staff, typed: str, *, now: datetime) -> str:
    """Take a code of the app, or a recovery code, once; returns which it was, empty if it is not right."""
    code = plain_code(typed)
    if len(code) == DIGITS and code.isdecimal():
        return "code of the app" if _take_app_code(staff, code, now=now) else ""
    return "recovery code" if _take_recovery_code(staff, code, now=now) else ""


def _take_app_code(staff: Staff, code: str, *, now: datetime) -> bool:
    if staff.totp_key is None or not code.isascii():
        return False
    step = step_of_code(staff.totp_key, code, after=staff.totp_step, now=now)
    if not step:
        return False
    # Of two requests with one code, the database lets one through.
    taken = update(Staff).where(Staff.id == staff.id, Staff.totp_step < step).values(totp_step=step)
    return update_rows(taken) == 1


def _take_recovery_code(staff: Staff, code: str, *, now: datetime) -> bool:
    unused = select(RecoveryCode).where(RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    for stored in session.scalars(unused.order_by(RecoveryCode.id)):
        if is_digest_of(stored.code_hash, _RECOVERY, str(staff.id), code):
            once = update(RecoveryCode).where(RecoveryCode.id == stored.id, RecoveryCode.used_at.is_(None))
            return update_rows(once.values(used_at=now)) == 1
    return False


def plain_code(typed: str) -> str:
    """A code as it is compared: without spaces and hyphens, in small letters."""
    return "".join(character for character in typed if character.isalnum()).lower()


def recovery_codes_left(staff: Staff) -> int:
    """How many recovery codes have not been used."""
    left = select(func.count()).where(RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def remove_second_factor(staff: Staff, *, actor: str, now: datetime) -> None:
    """Ask this account for no second factor any more, and forget its passkeys: a telephone may be lost."""
    staff.totp_key = None
    session.execute(delete(Passkey).where(Passkey.staff_id == staff.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    record_event(actor, "removed_second_factor", f"staff {staff.id}", staff.name, now=now)
