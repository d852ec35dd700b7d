from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit, Involvement
from surveyapp.tracking.queries import (
    audit_status,
    outstanding_list,
    refused_grants,
    request_cells,
    tallies,
    tally,
)
from surveyapp.tracking.request_state import Tally
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.tracking.conftest import Post


def words(audit: Audit) -> list[str]:
    return [cell.word for cell in request_cells(audit)]


def test_seventy_seven_of_ninety_is_said_as_the_report_says_it(make: Maker) -> None:
    found = tally(make.audit(cases=15, agencies=6, returned=77), now=MONDAY_MORNING)
    assert found.in_words == "77 of 90 returned (85.6%)"
    assert (found.outstanding, found.overdue, found.undelivered, found.started) == (13, 0, 0, 0)


def test_each_request_has_one_word(make: Maker, post: Post, session: Session) -> None:
    audit = make.audit(cases=6, agencies=1, returned=1)
    grant = make.grants(audit)[0]
    _returned, nil, late, withdrawn, started, _rest = make.requests(audit)
    make.returned(nil).nil_reason = "not_known"
    make.returned(late).is_late = True
    make.draft(started)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    before = words(audit)
    post(grant, "sent")
    assert before == ["returned", "nil return", "late", "withdrawn", "started", "not sent"]
    assert words(audit) == ["returned", "nil return", "late", "withdrawn", "started", "sent"]
    post(grant, "failed", kind="chaser")
    assert words(audit)[4:] == ["not delivered", "not delivered"]


def test_nil_and_late_are_among_the_returned_and_withdrawn_is_beside_the_count(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=4, agencies=1)
    nil, late, withdrawn, _waiting = make.requests(audit)
    make.returned(nil).nil_reason = "not_known"
    make.returned(late).is_late = True
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    found = tally(audit, now=MONDAY_MORNING)
    assert found == Tally(returned=2, nil=1, late=1, outstanding=1, withdrawn=1)
    assert found.in_words == "2 of 3 returned (66.7%)"


def test_a_return_of_a_request_withdrawn_later_is_not_counted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    make.requests(audit)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert tally(audit, now=MONDAY_MORNING) == Tally(returned=0, outstanding=1, withdrawn=1)


def test_a_late_return_that_was_only_allowed_is_not_a_draft(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    kept = make.draft(make.requests(audit)[0])
    kept.current_revision_id = None
    kept.late_allowed_at = MONDAY_MORNING
    session.commit()
    assert tally(audit, now=MONDAY_MORNING).started == 0


def test_correcting_the_address_ends_not_delivered(make: Maker, post: Post, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    post(grant, "failed")
    assert words(audit) == ["not delivered"]
    assert refused_grants(audit) == {grant.id}
    grant.contact.email = "right@agency.example"
    session.commit()
    assert words(audit) == ["not sent"]
    post(grant, "sent")
    assert words(audit) == ["sent"]
    assert refused_grants(audit) == set()


def test_a_request_is_overdue_from_the_day_after_the_due_date(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, due_on=date(2026, 12, 18))
    last_minute = datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
    assert tally(audit, now=last_minute).overdue == 0
    assert tally(audit, now=last_minute + timedelta(minutes=2)).overdue == 1


def test_the_picture_adds_up_by_case_and_by_agency(make: Maker) -> None:
    audit = make.audit(cases=3, agencies=2, returned=4)
    make.draft(make.requests(audit)[5])
    found = audit_status(audit, now=MONDAY_MORNING)
    for lines in (found.cases, found.agencies):
        assert sum(line.tally.returned for line in lines) == found.tally.returned == 4
        assert sum(line.tally.requests for line in lines) == found.tally.requests == 6
        assert sum(line.tally.started for line in lines) == found.tally.started == 1
    assert found.tally == tally(audit, now=MONDAY_MORNING)


def test_a_box_ticked_after_issue_is_shown_and_not_counted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1)
    agency = make.agency("Early Help Team", kind="early_help")
    session.add(Involvement(case_id=audit.cases[0].id, agency_id=agency.id))
    session.commit()
    found = audit_status(audit, now=MONDAY_MORNING)
    assert found.not_issued == {(audit.cases[0].id, agency.id)}
    assert [line.name for line in found.agencies][-1] == "Early Help Team"
    assert found.tally.requests == 2


def test_agencies_stand_in_the_order_partnerships_print_them(make: Maker) -> None:
    chosen = [
        make.agency("Youth Justice", kind="youth"),
        make.agency("Police"),
        make.agency("Children’s Services", kind="social_care"),
    ]
    found = audit_status(make.audit(cases=1, agencies=chosen), now=MONDAY_MORNING)
    assert [line.name for line in found.agencies] == ["Children’s Services", "Police", "Youth Justice"]


def test_several_audits_are_counted_in_one_statement(make: Maker, queries: Callable[[int], object]) -> None:
    audits = [make.audit(cases=2, agencies=1, returned=count) for count in (0, 1, 2)]
    ids = [audit.id for audit in audits]
    with queries(1):  # type: ignore[attr-defined]
        found = tallies(audits, now=MONDAY_MORNING)
    assert [found[id_].returned for id_ in ids] == [0, 1, 2]


def test_the_outstanding_list_says_whom_to_ring_and_how_often_they_were_chased(
    make: Maker, post: Post
) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Police", contact="p@police.example")], returned=1)
    make.draft(make.requests(audit)[1])
    post(make.grants(audit)[0], "sent", kind="chaser")
    (waiting,) = outstanding_list(audit)
    assert (waiting.agency, waiting.case, waiting.email) == ("Police", "Child 2", "p@police.example")
    assert (waiting.telephone, waiting.word, waiting.has_draft) == ("01234 500100", "started", True)
    assert (waiting.chased, waiting.last_chased_on) == (1, date(2026, 11, 30))


def test_an_email_that_nobody_is_certain_of_counts_as_sent(make: Maker, post: Post) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    post(grant, "doubtful")
    assert words(audit) == ["sent"]
    post(grant, "failed", kind="chaser")
    assert words(audit) == ["not delivered"]
    # The last email decides, and this one may have arrived.
    post(grant, "doubtful", kind="chaser")
    assert words(audit) == ["sent"]
    assert refused_grants(audit) == set()
