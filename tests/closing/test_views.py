import re
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.models import Return, Revision
from surveyapp.closing.operations import close_due_audits
from surveyapp.foundation.clock import now as clock_now
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def text_of(page: str) -> str:
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def day(which: str, when: date) -> dict[str, list[str]]:
    return {which: [str(when.day), str(when.month), str(when.year)]}


def test_the_closing_page_explains_itself_and_a_second_press_does_nothing(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    make.draft(make.requests(audit)[1])
    path = f"/audits/{audit.id}/close"
    page = text_of(client.get(path).text)
    assert "1 of 2 returned (50%). 1 outstanding, of which 1 started." in page
    assert "Returns close by themselves on Friday 15 January 2027 at 5:00pm." in page
    assert "Returns are closed. Nobody is chased any more." in client.follow(client.post(path)).text
    assert "Returns were closed already." in client.follow(client.post(path)).text
    closed = text_of(client.get(path).text)
    assert "They closed on Monday 30 November 2026 at 9:00am. 1 of 2 returned (50%)." in closed
    assert "1 draft was saved and not returned. A draft is listed here and never counted." in closed
    assert "Returns closed on Monday 30 November 2026 at 9:00am" in text_of(
        client.get(f"/audits/{audit.id}").text
    )


def test_the_closing_time_shown_does_not_depend_on_when_the_worker_ran(
    client: PageClient, stranger: PageClient, make: Maker, clock: Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    address = link_for(make.grants(audit)[0]).partition("/r/")[2]
    clock.move_to(datetime(2027, 1, 16, 9, tzinfo=UTC))
    with transaction():
        assert close_due_audits(clock_now()) == 1
    client.sign_in()
    told = "losed on Friday 15 January 2027 at 5:00pm"
    for page in (
        client.get(f"/audits/{audit.id}"),
        client.get(f"/audits/{audit.id}/close"),
        stranger.get(f"/r/{address}"),
    ):
        assert told in text_of(page.text)
        assert "16 January" not in page.text


def test_a_late_text_waits_and_the_manager_may_allow_the_return(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police")])
    kept = make.draft(make.requests(audit)[0])
    revision = session.get_one(Revision, kept.current_revision_id)
    revision.kind = "late"
    kept.current_revision_id = None
    audit.closed_at = audit.closes_at = MONDAY_MORNING
    session.commit()
    path = f"/audits/{audit.id}/close"
    assert "1 request has a text that was saved after returns had closed" in text_of(client.get(path).text)
    assert "1 late text waiting" in client.get("/audits").text
    request_id = make.requests(audit)[0].id
    allow = f"/audits/{audit.id}/requests/{request_id}/allow-late"
    assert "Allow a late return" in client.get(f"/audits/{audit.id}/requests/{request_id}").text
    page = client.follow(client.post(allow)).text
    assert "It will be marked late" in page
    assert "Allowed since Monday 30 November 2026 at 9:00am" in page
    assert session.query(Return).one().late_allowed_at == MONDAY_MORNING
    assert "Nobody has saved anything since." in client.get(path).text


def test_extending_moves_the_dates(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    path = f"/audits/{audit.id}/extend"
    client.get(path)
    form = {**day("close_on", date(2027, 1, 29)), **day("due_on", date(2027, 1, 8))}
    page = text_of(client.follow(client.post(path, form)).text)
    assert "Returns close on Friday 29 January 2027. The chasers follow the day to return by." in page
    assert "Return by Fri 8 January" in page
    assert "Next chaser Tue 29 December" not in page
    assert "Next chaser Thu 31 December" in page


def test_extending_to_a_day_off_is_done_and_noted(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    client.get(f"/audits/{audit.id}/extend")
    form = {**day("close_on", date(2027, 1, 30)), **day("due_on", date(2026, 12, 18))}
    page = text_of(client.follow(client.post(f"/audits/{audit.id}/extend", form)).text)
    assert "Returns close on Saturday 30 January 2027, which is not a working day." in page


def test_extending_to_the_same_days_says_that_nothing_was_changed(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    client.get(f"/audits/{audit.id}/extend")
    form = {**day("close_on", date(2027, 1, 15)), **day("due_on", date(2026, 12, 18))}
    page = text_of(client.follow(client.post(f"/audits/{audit.id}/extend", form)).text)
    assert "Nothing was changed" in page
    assert "Returns close on" not in page


def test_an_unusable_day_is_shown_again_with_what_was_typed(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    path = f"/audits/{audit.id}/extend"
    client.get(path)
    for typed, sentence in (
        (["31", "2", "2027"], "Returns close on: enter a real day, like 1 12 2026"),
        (["", "", ""], "Enter the day on which returns close, such as 15 1 2027"),
        (["4", "1", "2027"], "Returns close on Friday 15 January 2027 as it is."),
    ):
        page = client.post(path, {"close_on": typed}, status=422).text
        assert sentence in page
        assert "There is a problem" in page
        assert all(f'value="{part}"' in page for part in typed if part)


def test_reopening_requires_a_reason_and_stores_it(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    _close(audit, session)
    path = f"/audits/{audit.id}/reopen"
    client.get(path)
    page = client.post(path, day("close_on", date(2027, 1, 20)), status=422).text
    assert "Say why, so that the record explains it" in page
    late = client.post(path, {"reason": "They asked", **day("close_on", date(2026, 11, 27))}, status=422).text
    assert "The closing hour of Friday 27 November 2026 has passed" in late
    assert "They asked" in late
    form = {"reason": "They asked", **day("close_on", date(2027, 1, 20))}
    assert (
        "Returns are open again until Wednesday 20 January 2027."
        in client.follow(client.post(path, form)).text
    )


def test_every_reopening_keeps_its_reason(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    for reason, last in (("Health was away", date(2027, 1, 20)), ("One record was found", date(2027, 1, 22))):
        _close(audit, session)
        client.post(f"/audits/{audit.id}/reopen", {"reason": reason, **day("close_on", last)})
        session.expire_all()
    page = text_of(client.get(f"/audits/{audit.id}/set-up").text)
    assert "Opened again because Health was away One record was found" in page


def test_reopening_proposes_a_usable_day(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 11, 30))
    _close(audit, session)
    page = client.get(f"/audits/{audit.id}/reopen").text
    assert 'name="close_on" type="text" value="7"' in " ".join(page.split())
    form = {"reason": "They asked", **day("close_on", date(2026, 12, 7))}
    assert (
        "until Monday 7 December 2026." in client.follow(client.post(f"/audits/{audit.id}/reopen", form)).text
    )


def _close(audit: Audit, session: Session) -> None:
    audit.closed_at = audit.closes_at = MONDAY_MORNING
    session.commit()


def test_open_returns_cannot_be_reopened_nor_closed_ones_extended(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    stem = f"/audits/{audit.id}"
    client.get(f"{stem}/reopen")
    form = {"reason": "r", **day("close_on", date(2027, 2, 1))}
    assert "Returns are open" in client.post(f"{stem}/reopen", form, status=409).text
    _close(audit, session)
    refused = client.post(f"{stem}/extend", day("close_on", date(2027, 2, 1)), status=409).text
    assert "Reopen them with a reason" in refused
