"""The example is loaded by the worker, sends nothing, and goes again without leaving a row."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.brief.models import SavedBrief
from surveyapp.chasing.operations import queue_due_chasers
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.commands.demonstration.briefs import load_briefs
from surveyapp.foundation import clock as the_clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.mail.delivery import OF_THE_EXAMPLE
from surveyapp.foundation.mail.worker import drain, run_prompt_operations
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import Base, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.standalone.example import operations
from surveyapp.standalone.example.queries import example_progress, is_offered
from surveyapp.standalone.models import WantedExample
from surveyapp.tracking.event_sentences import event_sentences
from tests.commands.demonstration.test_audit import counted
from tests.conftest import MONDAY_MORNING
from tests.mail_server import ELSEWHERE, OWN_TEXT, use_mail_server
from tests.published import TOGETHER, published
from tests.row_maker import Maker

ACTING: dict[str, Any] = {"actor": "Ann Lee", "now": MONDAY_MORNING}


def rows(session: Session) -> dict[str, int]:
    """How many rows each table holds, but for the log, of which nothing is ever taken."""
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in {"survey_event", "survey_switches"}
    }


def load() -> None:
    """Ask for the example, and let the worker look once."""
    with transaction():
        operations.want_example(**ACTING)
    run_prompt_operations(MONDAY_MORNING)


@pytest.fixture
def mail_server_elsewhere(app: Flask) -> None:
    """Mail would leave this machine, and no setting holds example text."""
    use_mail_server(app, ELSEWHERE, **OWN_TEXT)


def remove() -> None:
    with transaction():
        operations.remove_example(typed=" Example ", **ACTING)


def test_the_worker_loads_it_with_every_figure_of_the_published_report(session: Session) -> None:
    with transaction():
        operations.want_example(**ACTING)
    assert not is_offered()
    progress = example_progress(now=MONDAY_MORNING)
    assert (progress.is_wanted, progress.is_loaded, progress.audit_id) == (True, False, None)
    run_prompt_operations(MONDAY_MORNING)
    progress = example_progress(now=MONDAY_MORNING)
    audit = session.get_one(Audit, progress.audit_id)
    assert (progress.is_loaded, audit.is_example) == (True, True)
    expected = published()
    for question, figures in expected["questions"].items():
        counts, answered = counted(question)
        for answer, figure in figures.items():
            options = TOGETHER.get(answer, (answer,))
            count = sum(counts.get(("", option), 0) + counts.get((option, "yes"), 0) for option in options)
            assert (count, answered) == (figure["count"], figure["of"]), (question, answer)
    assert expected["requests"] == session.scalar(select(func.count(AuditRequest.id)))
    assert session.scalar(select(SavedBrief.audit_id)) == audit.id


@pytest.mark.usefixtures("mail_server_elsewhere")
def test_no_email_leaves_not_even_a_chaser_of_a_later_day(
    session: Session, clock: time_machine.Traveller
) -> None:
    load()
    assert {mail.state for mail in session.scalars(select(Outbox))} == {"sent"}
    clock.shift(timedelta(days=1))
    now = the_clock.now()
    with transaction():
        assert queue_due_chasers(now) > 0
    # Opening a connection to the server, which is on no machine, would leave them queued.
    assert drain(the_clock.now)["cancelled"] > 0
    chasers = session.scalars(select(Outbox).where(Outbox.kind == "chaser")).all()
    assert {(mail.state, mail.last_text) for mail in chasers} == {("cancelled", OF_THE_EXAMPLE)}


@pytest.mark.slow
def test_the_settings_own_example_text_does_not_hold_it_up(app: Flask) -> None:
    use_mail_server(app, ELSEWHERE)
    load()
    assert example_progress(now=MONDAY_MORNING).is_loaded


def test_removing_it_leaves_no_row_and_no_file(session: Session, make: Maker) -> None:
    make.agency("Northside Police", contact="bell@police.example")
    before = rows(session)
    load()
    assert rows(session)["survey_return"] == 80
    letters = Path(settings().mail_folder)
    assert len(list(letters.glob("*.eml"))) == 89
    with pytest.raises(FieldRefused, match="Type example"), transaction():
        operations.remove_example(typed="no", **ACTING)
    remove()
    assert rows(session) == before
    assert not list(letters.glob("*.eml"))
    actions = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert actions[-2:] == ["deleted_audit", "removed_example"]
    assert is_offered()


@pytest.mark.slow
def test_what_the_command_loaded_with_earlier_audits_is_removed_too(session: Session) -> None:
    before = rows(session)
    load_demonstration(now=MONDAY_MORNING)
    load_briefs(now=MONDAY_MORNING)
    remove()
    assert rows(session) == before


@pytest.mark.slow
def test_an_agency_that_is_asked_elsewhere_or_has_a_real_contact_stays(session: Session, make: Maker) -> None:
    load()
    police, early_help = (
        session.scalars(select(Agency).where(Agency.name == name)).one()
        for name in ("Wrenford Police", "Wrenford Early Help")
    )
    early_help.contacts.append(Contact(name="Jo Real", email="jo@northshire.gov.uk", role="lead"))
    audit = make.audit(cases=1, agencies=[police], issued=False, title="Our own")
    remove()
    assert session.scalars(select(Agency.name).order_by(Agency.name)).all() == [
        "Wrenford Early Help",
        "Wrenford Police",
    ]
    assert session.scalars(select(Audit.title)).all() == [audit.title]


def test_without_an_example_nothing_of_the_partnership_is_removed(session: Session, make: Maker) -> None:
    make.agency("Wrenford Police")
    remove()
    assert session.scalars(select(Agency.name)).all() == ["Wrenford Police"]


def test_it_is_not_loaded_among_agencies_of_its_names(session: Session, make: Maker) -> None:
    make.agency("Wrenford Police")
    with (
        pytest.raises(operations.NamesTaken, match="The directory has Wrenford Police already"),
        transaction(),
    ):
        operations.want_example(**ACTING)
    assert not session.scalar(select(func.count(WantedExample.id)))


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_request_with_a_number_of_the_example_has_none_of_its_events(
    session: Session, make: Maker, clock: time_machine.Traveller
) -> None:
    load()
    remove()
    clock.shift(timedelta(hours=1))
    make.now = the_clock.now()
    request = make.requests(make.audit(cases=1, agencies=1))[0]
    names = {f"request {request.id}", f"grant {request.grant_id}"}
    assert session.scalars(select(Event).where(Event.object.in_(names))).all(), "the numbers are given again"
    assert event_sentences(request, reader="Ann Lee") == ()


def test_it_is_offered_only_while_there_is_no_audit(make: Maker) -> None:
    assert is_offered()
    audit = make.audit(issued=False)
    audit.set_aside_at = MONDAY_MORNING
    assert not is_offered()
    with pytest.raises(operations.NotOffered), transaction():
        operations.want_example(**ACTING)


def test_a_load_that_failed_waits_for_a_person_and_goes_on_where_it_stopped(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(operations, "load_own_brief", lambda **_now: 1 / 0)
        load()
    progress = example_progress(now=MONDAY_MORNING)
    assert (progress.has_failed, progress.is_loaded) == (True, False)
    run_prompt_operations(MONDAY_MORNING)
    assert example_progress(now=MONDAY_MORNING).has_failed, "nothing tries again by itself"
    load()
    assert example_progress(now=MONDAY_MORNING).is_loaded
    assert session.scalar(select(func.count(AuditRequest.id))) == 90


@pytest.mark.slow
def test_only_one_worker_loads_it_and_another_goes_on_once_the_lease_is_over(session: Session) -> None:
    with transaction():
        operations.want_example(**ACTING)
        wanted = session.get_one(WantedExample, 1)
        wanted.lease_until = MONDAY_MORNING + operations.LEASE
    with pytest.raises(operations.StillLoading):
        remove()
    assert not operations.load_wanted_example(MONDAY_MORNING)
    assert operations.load_wanted_example(MONDAY_MORNING + operations.LEASE)


@pytest.mark.usefixtures("app")
def test_a_wish_that_no_worker_takes_up_is_late() -> None:
    with transaction():
        operations.want_example(**ACTING)
    assert not example_progress(now=MONDAY_MORNING + timedelta(minutes=1)).is_late
    assert example_progress(now=MONDAY_MORNING + timedelta(minutes=3)).is_late
