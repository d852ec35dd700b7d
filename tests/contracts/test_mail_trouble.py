import pytest

from surveyapp.foundation.mail.circuit_breaker import pause_mail
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.mark.parametrize(
    "path", ["/audits", "/agencies", "/forms", "/audits/1", "/audits/1/chasers", "/audits/1/close"]
)
def test_every_page_of_staff_says_that_mail_is_waiting(client: PageClient, make: Maker, path: str) -> None:
    make.audit(cases=1, agencies=1)
    assert "Mail is waiting" not in client.get(path).get_data(as_text=True)
    with transaction():
        pause_mail(actor="manager", now=MONDAY_MORNING)
    assert "Mail is waiting" in client.get(path).get_data(as_text=True)
