from datetime import timedelta

from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import confirm_clock
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post


def test_nothing_is_claimed_while_the_date_is_in_doubt(post: Post) -> None:
    post.queue(expires_at=MONDAY_MORNING + timedelta(days=30))
    with transaction():
        switches().last_tick_at = MONDAY_MORNING
    late = MONDAY_MORNING + timedelta(days=8)
    assert claim_email(now=late) is None
    with transaction():
        confirm_clock(actor="Manager", now=late)
    assert claim_email(now=late) is not None
