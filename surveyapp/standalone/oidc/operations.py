"""Which account an identity is: that of an invited person, by their verified address, once and for all."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.standalone.models import Staff
from surveyapp.standalone.oidc.provider import Identity, IdentityRefused


def account_of_identity(identity: Identity, *, now: datetime) -> Staff:
    """The account of a person whom the provider has signed in. Raises IdentityRefused if nobody invited them.

    The provider’s own name for the person is stored at the first sign-in: whoever gets the same address
    later, such as the next holder of a post, is not that person. Somebody invited joins by it.
    """
    found = select(Staff).where(Staff.email == identity.email, Staff.suspended_at.is_(None)).with_for_update()
    staff = session.scalar(found)
    if staff is None or staff.oidc_subject not in {None, identity.subject}:
        raise IdentityRefused("nobody invited")
    if staff.oidc_subject is None:
        staff.oidc_subject = identity.subject
    if staff.joined_at is None:
        staff.joined_at = now
        record_event(staff.name, "joined", f"staff {staff.id}", staff.name, now=now)
    return staff
