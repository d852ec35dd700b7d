"""Pages of retention: days, hold, preview, purge by hand, deletion, what is kept, and certificates."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from surveyapp.retention.models import PurgeCertificate, RetentionDates
from surveyapp.retention.queries import retention_of
from tests.page_client import PageClient
from tests.retention.conftest import CLOSED, Worker
from tests.row_maker import Maker


@pytest.fixture
def closed(make: Maker, working: Worker) -> Audit:
    """A small audit whose returns have closed, and whose days are set."""
    audit = make.audit(cases=2, agencies=2, returned=3, title="Neglect 2026", close_on=CLOSED.date())
    working.works_at(CLOSED)
    return audit


def _days(day: date, name: str) -> dict[str, list[str]]:
    return {name: [str(day.day), str(day.month), str(day.year)]}


def test_the_page_says_when_the_days_are_set_and_then_which_they_are(
    client: PageClient, make: Maker, working: Worker
) -> None:
    audit = make.audit(cases=1, agencies=1, close_on=CLOSED.date())
    here = f"/audits/{audit.id}/retention"
    assert "The days are set when they close." in client.get(here).text
    working.works_at(CLOSED)
    client.sign_in()
    page = client.get(here).text
    assert "The next purge is on Thursday 8 April 2027: drafts that were never returned." in page
    assert "Saturday 8 July 2028" in page, "18 months after the close, without a report"
    assert "Thursday 8 January 2033" not in page
    assert "Saturday 8 January 2033" in page, "6 years after the close, without a report"


def test_days_are_changed_with_a_reason_that_stays_on_the_page(
    client: PageClient, closed: Audit, session: Session
) -> None:
    client.sign_in()
    here = f"/audits/{closed.id}/retention/days"
    seen = client.get(here).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert seen == "2027-04-08 2028-07-08 2033-01-08"
    days = {
        **_days(date(2027, 4, 8), "drafts_on"),
        **_days(date(2029, 2, 28), "returns_on"),
        **_days(date(2033, 1, 8), "figures_on"),
        "seen": seen,
    }
    assert "Say why you change the days" in client.post(here, days, status=422).text
    early = {**days, **_days(date(2027, 1, 8), "returns_on"), "reason": "No reason."}
    assert "is not to come: choose a later day" in client.post(here, early, status=422).text
    before = {**days, **_days(date(2027, 3, 1), "returns_on"), "reason": "No reason."}
    assert "Returns cannot go before drafts" in client.post(here, before, status=422).text
    page = client.follow(client.post(here, {**days, "reason": "The board asked for a year more."})).text
    assert "The days are changed." in page
    assert "Wednesday 28 February 2029" in page
    assert "The board asked for a year more." in page
    assert "A person chose these days." in page
    client.get(here)
    again = client.post(here, {**days, "reason": "From an old page."}, status=409).text
    assert "The days were changed since this page was opened" in again
    session.expire_all()
    dates = retention_of(closed.id)
    assert dates is not None
    assert dates.returns_on == date(2029, 2, 28)


def test_a_hold_stops_a_purge_by_hand_and_is_ended_with_a_reason(client: PageClient, closed: Audit) -> None:
    client.sign_in()
    here = f"/audits/{closed.id}/retention"
    assert "Say why nothing may be removed" in client.post(f"{here}/hold", {}, status=422).text
    client.get(f"{here}/hold")
    held = client.follow(client.post(f"{here}/hold", {"reason": "An inquiry has asked for it."})).text
    assert "An inquiry has asked for it." in held
    assert "Without the hold, the next purge would be" in held
    client.get(f"{here}/purge")
    refused = client.post(f"{here}/purge", {"title": "Neglect 2026"}, status=409).text
    assert "This audit is on hold, set by" in refused
    assert "On hold, set by" in client.get("/retention").text
    client.get(f"{here}/hold/end")
    ended = client.follow(client.post(f"{here}/hold/end", {"reason": "It has reported."})).text
    assert "The hold has ended." in ended
    assert "It has reported." in ended
    client.get(f"{here}/hold/end", status=409)


def test_a_purge_by_hand_wants_the_title_and_leaves_what_is_kept(
    client: PageClient, closed: Audit, working: Worker, session: Session
) -> None:
    client.sign_in()
    here = f"/audits/{closed.id}/retention/purge"
    preview = client.get(here).text
    for words in ("4 requests", "3 returns and drafts", "2 cases", "1 audit, with its title, theme and days"):
        assert words in preview
    assert (
        "Type “Neglect 2026” to purge this audit" in client.post(here, {"title": "Neglect"}, status=422).text
    )
    page = client.follow(client.post(here, {"title": "neglect 2026"})).text
    assert "The purge has begun." in page
    assert "Under way" in page
    kept = client.follow(client.get(f"/audits/{closed.id}", status=302)).text
    assert "The returns of this audit were removed for good" in kept
    assert "3 of 4 returned (75%), about 2 cases, by 2 agencies." in kept
    working.goes_on()
    certificate = session.scalars(select(PurgeCertificate)).one()
    shown = client.get(f"/retention/certificates/{certificate.id}").text
    for words in ("Before its day, by hand", "4 requests", "You keep backups for 30 days: from "):
        assert words in shown
    pdf = client.get(f"/retention/certificates/{certificate.id}/certificate.pdf")
    assert pdf.data.startswith(b"%PDF")
    client.get("/retention/certificates/99", status=404)
    client.get("/retention")
    client.get(f"/audits/{closed.id}/retention")
    assert "3 of 4 returned (75%)" in client.get("/audits").text


def test_an_issued_audit_that_is_deleted_is_hidden_for_30_days_and_comes_back(
    client: PageClient, make: Maker, working: Worker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, title="Neglect 2026")
    here = f"/audits/{audit.id}/retention/delete"
    assert here in client.get(f"/audits/{audit.id}/set-up").text
    assert "Its returns close at once." in client.get(here).text
    aside = client.follow(client.post(here, {"title": "Neglect 2026"})).text
    assert "purged in 30 days unless it is brought back" in aside
    assert "Neglect 2026" not in client.get("/audits").text
    working.works_on(date(2026, 12, 29))
    client.sign_in()
    page = client.get("/retention").text
    assert "Deleted" in page
    assert "Wed 30 December" in page
    assert "1 deleted audit purged within two weeks" in client.get("/audits").text
    client.get("/audits/set-aside")
    client.post(f"/audits/{audit.id}/bring-back")
    working.works_on(date(2026, 12, 31))
    client.sign_in()
    session.expire_all()
    assert session.get(Audit, audit.id) is not None
    client.get(f"/audits/{audit.id}/set-up")
    # Set aside again, for another reason: the deletion does not come back with it.
    client.post(f"/audits/{audit.id}/set-aside")
    working.works_on(date(2027, 1, 2))
    client.sign_in()
    assert session.get(Audit, audit.id) is not None
    client.get(here)
    client.post(here, {"title": "Neglect 2026"})
    working.works_on(date(2027, 2, 1))
    client.sign_in()
    session.expire_all()
    assert session.scalars(select(Audit)).all() == []
    assert session.scalars(select(RetentionDates)).all() == []
    assert "All that was left of the audit" in client.get("/retention").text


def test_an_audit_that_was_never_issued_is_deleted_on_its_own_page(client: PageClient, make: Maker) -> None:
    audit = make.audit(issued=False)
    assert "Delete it where it is set up" in client.get(f"/audits/{audit.id}/retention/delete").text
    assert audit.title in client.get("/retention").text
    client.get(f"/audits/{audit.id}/kept", status=302)
    client.get(f"/audits/{audit.id}/retention/days", status=409)


def test_an_administrator_looks_after_purges_and_sees_no_figures(client: PageClient, closed: Audit) -> None:
    administrator = client.colleague("Ada", "administrator")
    for path in ("/retention", f"/audits/{closed.id}/retention", f"/audits/{closed.id}/retention/purge"):
        administrator.get(path)
    administrator.post(f"/audits/{closed.id}/retention/purge", {"title": closed.title})
    administrator.get(f"/audits/{closed.id}/kept", status=403)
