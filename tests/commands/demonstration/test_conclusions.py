"""The demonstration concludes what the report of February 2014 did, in words of our own."""

import re
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import func, select

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.commands.demonstration.conclusions import conclusions_file
from surveyapp.concluding.across_audits.recurrence import recurring_recommendations
from surveyapp.concluding.actions.due_mail import queue_action_due_emails
from surveyapp.concluding.actions.progress import action_progress
from surveyapp.concluding.models import Finding
from surveyapp.concluding.queries import (
    actions_of,
    conclusion_of,
    findings_of,
    overdue_actions,
    recommendations_of,
)
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit

REPORT = Path(__file__).with_name("report_2014_fingerprints.txt")


def test_it_has_three_findings_each_with_its_challenge_and_its_questions(demonstrated: Audit) -> None:
    findings = findings_of(demonstrated.id)
    assert [finding.position for finding in findings] == [1, 2, 3]
    assert all(finding.challenge for finding in findings)
    assert [[question.question for question in finding.questions] for finding in findings] == [
        ["explain_plan", "see_child_alone"],
        ["clear_on_impact", "similar_concerns", "tasks_and_dates"],
        ["strengths_or_concerns"],
    ]


def test_it_has_four_recommendations_of_weaker_evidence_and_one_repeated(demonstrated: Audit) -> None:
    recommendations = recommendations_of(demonstrated.id)
    assert [
        recommendation.finding.position if recommendation.finding else None
        for recommendation in recommendations
    ] == [
        None,
        None,
        None,
        None,
        3,
    ]
    (chain,) = recurring_recommendations()
    assert (chain.times, chain.latest) == (2, recommendations[4])
    assert "January 2014" in chain.elsewhere


def test_its_plan_has_one_overdue_action_and_sends_no_reminder_for_the_past(demonstrated: Audit) -> None:
    today = local_day(clock.now())
    actions = actions_of(demonstrated.id)
    assert action_progress(actions, today).in_words == (
        "1 of 6 actions done, 2 under way, 3 not started. 1 is overdue."
    )
    (late,) = overdue_actions(today)
    assert len(late.updates) == 2
    conclusion = conclusion_of(demonstrated.id)
    assert conclusion is not None
    assert conclusion.re_audit_on is not None
    assert conclusion.re_audit_on > today
    assert queue_action_due_emails(clock.now()) == 0
    session.rollback()


def test_it_contains_no_sentence_of_the_report() -> None:
    file = conclusions_file()
    for entry in (*file["findings"], *file["recommendations"], *file["actions"]):
        for text in filter(None, (entry.get("text"), entry.get("challenge"), entry.get("what"))):
            assert runs_of_the_report(text) == []


def test_the_check_finds_words_of_the_report(demonstrated: Audit) -> None:
    printed = demonstrated.form.question("supervision").ask
    assert runs_of_the_report(printed)[0] == "is there evidence that this child or"
    assert runs_of_the_report("Is there evidence that this child and family were seen?") == []


def runs_of_the_report(text: str) -> list[str]:
    """The runs of seven words of a text that the report of February 2014 has too."""
    lines = REPORT.read_text("utf-8").splitlines()
    fingerprints = {fingerprint for line in lines if not line.startswith("#") for fingerprint in line.split()}
    words = re.findall(r"[a-z]+", text.lower())
    runs = [" ".join(words[at : at + 7]) for at in range(len(words) - 6)]
    return [run for run in runs if blake2b(run.encode(), digest_size=5).hexdigest() in fingerprints]


def test_loading_it_twice_adds_no_second_conclusions(demonstrated: Audit) -> None:
    for _ in range(2):
        assert load_demonstration(now=clock.now()).id == demonstrated.id
        assert session.scalar(select(func.count(Finding.id))) == 3
