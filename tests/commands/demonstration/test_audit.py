"""The demonstration gives every figure of the report of February 2014, counted in SQL."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.brief.models import SavedBrief
from surveyapp.collating.comparison.benchmarks import mean_figure, printed_percent
from surveyapp.collating.models import Benchmark
from surveyapp.commands.demonstration.answers import answers_file
from surveyapp.commands.demonstration.audit import TITLE, load_demonstration
from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock
from surveyapp.foundation.calendar import working_days as calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.queries import tally
from tests.commands.terminal import Run
from tests.published import TOGETHER, published

MONDAY_MORNING = datetime(2026, 11, 30, 9, tzinfo=UTC)


def counted(question: str) -> tuple[dict[tuple[str, str], int], int]:
    """How many returns gave each answer to a question, and how many answered it at all."""
    rows = session.execute(
        select(Answer.item, Answer.option, func.count(Return.id))
        .join(Revision, Revision.id == Answer.revision_id)
        .join(Return, Return.current_revision_id == Revision.id)
        .where(Return.returned_at.is_not(None), Answer.question == question, Answer.option != "")
        .group_by(Answer.item, Answer.option)
    )
    counts = {(row[0], row[1]): int(row[2]) for row in rows}
    answered = session.scalar(
        select(func.count(func.distinct(Return.id)))
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(Return.returned_at.is_not(None), Answer.question == question, Answer.option != "")
    )
    return counts, answered or 0


def test_it_has_15_cases_of_the_ages_of_2014_and_90_requests_of_which_77_are_returned(
    demonstrated: Audit,
) -> None:
    ages = sorted(case.age_months or 0 for case in demonstrated.cases)
    current = tally(demonstrated, now=clock.now())
    assert (current.requests, current.returned, current.nil, current.started) == (90, 77, 0, 3)
    assert current.in_words == "77 of 90 returned (85.6%)"
    assert [sum(low <= age < high for age in ages) for low, high in ((0, 60), (60, 132), (132, 168))] == [
        8,
        4,
        3,
    ]
    assert (ages[0] // 12, ages[-1] // 12) == (0, 13)
    assert session.scalar(select(func.count(func.distinct(Agency.kind)))) == 9


@pytest.mark.usefixtures("demonstrated")
def test_sql_counts_every_figure_of_our_own_file() -> None:
    for question, figures in answers_file()["questions"].items():
        counts, answered = counted(question)
        assert answered == 77 - figures["blank"], question
        for item, count in figures.get("items", {}).items():
            assert (counts.get((item, "yes"), 0), counts.get((item, "no"), 0)) == (count, answered - count)
        for option, count in figures.get("options", {}).items():
            assert counts.get(("", option), 0) == count, (question, option)


def test_the_audit_has_the_statistical_neighbours_of_the_report(demonstrated: Audit) -> None:
    benchmark = session.scalars(select(Benchmark).where(Benchmark.audit_id == demonstrated.id)).one()
    assert len(benchmark.pairs) == 10
    assert printed_percent(mean_figure(benchmark.pairs) or Decimal(0)) == "16.1"
    assert benchmark.own is not None
    assert str(benchmark.own.percent) == "16.8"


@pytest.mark.usefixtures("demonstrated")
def test_sql_counts_every_figure_of_the_published_report() -> None:
    expected, checked = published(), 0
    for question, figures in expected["questions"].items():
        counts, answered = counted(question)
        for answer, figure in figures.items():
            options = TOGETHER.get(answer, (answer,))
            count = sum(counts.get(("", option), 0) + counts.get((option, "yes"), 0) for option in options)
            assert (count, answered) == (figure["count"], figure["of"]), (question, answer)
            checked += 1
    assert checked == 28
    assert expected["requests"] == session.scalar(select(func.count(AuditRequest.id)))
    assert expected["cases"] == session.scalar(select(func.count(Case.id)))


def test_the_form_accepts_every_return_and_many_have_comments(
    demonstrated: Audit,
) -> None:
    rows = session.execute(
        select(Return, AuditRequest, Agency)
        .join(AuditRequest, Return.request_id == AuditRequest.id)
        .join(Agency, AuditRequest.agency_id == Agency.id)
        .where(Return.returned_at.is_not(None))
    ).all()
    for audit_return, _request, agency in rows:
        assert audit_return.current_revision is not None
        answers = tuple(
            GivenAnswer(answer.question, answer.item, answer.option, answer.text)
            for answer in audit_return.current_revision.answers
        )
        form = answer_form(demonstrated.form, agency.kind)(given=answers)
        assert form.check_return(local_day(MONDAY_MORNING)), (agency.name, form.errors)
    comments = session.execute(
        select(Answer.question, Answer.text).join(Return, Return.current_revision_id == Answer.revision_id)
    ).all()
    texts = [text for question, text in comments if question == "strengths_or_concerns" and text]
    assert len(texts) == len(set(texts)) == 66
    assert sum(text is not None for _question, text in comments) > 250


def test_its_returns_are_dated_since_issue_and_its_emails_are_in_the_mail_folder(
    demonstrated: Audit,
) -> None:
    moments = list(session.scalars(select(Return.returned_at).where(Return.returned_at.is_not(None))))
    assert demonstrated.issued_at is not None
    assert all(moment is not None and demonstrated.issued_at < moment < clock.now() for moment in moments)
    kinds = [(mail.kind, mail.state) for mail in session.scalars(select(Outbox).order_by(Outbox.id))]
    assert (kinds.count(("request", "sent")), kinds.count(("receipt", "sent")), len(kinds)) == (12, 77, 89)
    letters = [
        file.read_bytes().replace(b"=\r\n", b"") for file in Path(settings().mail_folder).glob("*.eml")
    ]
    assert len(letters) == 89, "what counts as sent lies in the folder"
    assert sum(bool(re.search(rb"/r/[a-z2-7]{50}/", letter)) for letter in letters) >= 12


@pytest.fixture
def _christmas_eve(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 12, 24, 12, tzinfo=UTC))


@pytest.mark.slow
@pytest.mark.usefixtures("app", "_christmas_eve")
def test_the_next_chaser_is_on_the_next_working_day_whenever_it_is_loaded() -> None:
    audit = load_demonstration(now=clock.now())
    today = clock.local_day(clock.now())
    assert audit.due_on is not None
    assert calendar.add_working_days(audit.due_on, -5) == calendar.add_working_days(today, 1)
    assert not audit.is_closed(clock.now())


@pytest.mark.slow
def test_loading_it_twice_changes_nothing(run: Run) -> None:
    first, second = run("demo"), run("demo")
    assert "Loaded: " in first.stdout
    assert "77 of 90 returned (85.6%)" in first.stdout
    assert "Loaded already" in second.stdout
    assert first.stdout.splitlines()[-1] == second.stdout.splitlines()[-1]
    assert "a draft of this audit’s own brief" in first.stdout
    assert [line for line in first.stderr.splitlines() if "Adding the learning brief" not in line] == [
        "Loading the demonstration. It takes ten seconds or so.",
        f"Setting up “{TITLE}” and issuing it: 15 cases, 12 agencies, 90 requests.",
        "Delivering 12 request emails into the mail folder.",
        "Filling in 77 returns and saving 3 drafts.",
        "Adding comments read, talks with families, workshops and the report.",
        "Delivering 77 receipt emails into the mail folder.",
    ]
    assert first.stderr.count("Adding the learning brief") == 5
    assert second.stderr == ""
    of_2014 = select(func.count(Return.id)).join(AuditRequest).join(Audit)
    assert session.scalar(of_2014.where(Audit.title == TITLE)) == 80
    drafts = select(SavedBrief).join(Audit).where(Audit.title == TITLE)
    assert session.scalars(drafts).one().version == 1
