"""The page Log and its file."""

from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import Event, record_event
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_x(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    r = make.requests(audit)[0]
    client.get(f"/audits/{audit.id}/requests/{r.id}/answers")
    client.get("/log")
    page = client.get("/log").text
    print(page)
    print(client.get("/log.csv").text)
    assert 0
