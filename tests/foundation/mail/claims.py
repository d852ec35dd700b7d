"""Claims an email that a test has queued."""

from datetime import timedelta

from surveyapp.foundation.mail.leases import ClaimedEmail, claim_email
from tests.conftest import MONDAY_MORNING


def claim(after: timedelta = timedelta(0)) -> ClaimedEmail:
    claimed = claim_email(now=MONDAY_MORNING + after)
    assert claimed is not None
    return claimed
