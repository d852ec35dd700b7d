"""An open page of an audit asks whether anything has changed, and gets it only then."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import time_machine
from sqlalchemy.orm import Session

from surveyapp.answering.returns.operations import save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.tracking.status_tag import status_tag
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.tracking.conftest import Post

Queries = Callable[[int], AbstractContextManager[list[str]]]
GIVEN = (GivenAnswer("supervision", option="yes"),)


def tag_in(page: str) -> str:
    return page.split('data-live-tag="')[1].split('"', maxsplit=1)[0]


def test_an_open_page_is_told_what_changed_and_otherwise_nothing(
    client: PageClient, make: Maker, queries: Queries
) -> None:
    audit = make.audit(cases=2, agencies=1)
    path = f"/audits/{audit.id}/live.json?page=1"
    page = client.get(f"/audits/{audit.id}").text
    assert f'data-live="{path}"' in page
    quiet = {"If-None-Match": f'"{tag_in(page)}"'}
    # The account that is signed in, and the tag.
    with queries(2):
        assert client.get(path, status=304, headers=quiet).data == b""
    make.returned(make.requests(audit)[0])
    news = client.get(path, headers=quiet)
    assert news.json is not None
    assert "1 of 2 returned (50%)" in news.json["parts"]["count"]
    assert "survey-state--returned" in news.json["parts"]["grid"]
    assert news.json["over"] is False
    client.get(path, status=304, headers={"If-None-Match": news.headers["ETag"]})


def test_every_change_of_the_page_changes_the_tag(
    make: Maker, session: Session, post: Post, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=2, agencies=1, due_on=MONDAY_MORNING.date())
    asked, grant = make.requests(audit)[0], make.grants(audit)[0]

    def tag() -> str:
        session.rollback()
        return status_tag(audit.id, now=MONDAY_MORNING)

    tags = [tag()]
    mail = post(grant, "sent")
    tags.append(tag())
    mail.state = "failed"
    session.commit()
    tags.append(tag())
    for _ in range(2):
        with transaction():
            save_draft(asked, GIVEN, ButtonPress.fresh(return_of(asked)), now=MONDAY_MORNING)
        tags.append(tag())
    make.returned(make.requests(audit)[1])
    tags.append(tag())
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    tags.append(tag())
    assert len(set(tags)) == len(tags)
    assert tag() == tags[-1]
    tomorrow = status_tag(audit.id, now=MONDAY_MORNING + timedelta(days=1))
    assert tomorrow not in tags
    assert clock is not None


def test_the_tag_costs_the_same_for_any_number_of_requests(make: Maker, queries: Queries) -> None:
    audit_id = make.audit(cases=30, agencies=10, returned=20).id
    with queries(1):
        status_tag(audit_id, now=MONDAY_MORNING)


def test_a_closed_audit_is_not_followed(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    assert "data-live=" not in client.get(f"/audits/{audit.id}").text
    news = client.get(f"/audits/{audit.id}/live.json").json
    assert news is not None
    assert news["over"] is True


def test_an_audit_that_does_not_exist_is_not_followed(client: PageClient) -> None:
    client.get("/audits/99/live.json", status=404)


def test_a_page_left_open_is_signed_out(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    for status in (200, 200, 200, 302):
        clock.shift(timedelta(minutes=10))
        client.get(f"/audits/{audit.id}/live.json", status=status)
