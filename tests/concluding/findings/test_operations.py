"""Adding, changing, moving and removing findings."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from surveyapp.concluding.conclusion_rules import (
    LONGEST_TEXT,
    NotOfThisAudit,
    StillNeeded,
    TextMissingOrTooLong,
)
from surveyapp.concluding.edit_conflicts import finding_digest, reload_row
from surveyapp.concluding.findings.operations import (
    FindingDetails,
    change_finding,
    move_finding,
    remove_finding,
)
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.concluding.queries import findings_of
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING, acted, found, quoted, recommended, themed
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


def texts(audit: Audit) -> list[tuple[int, str]]:
    return [(finding.position, finding.text) for finding in findings_of(audit.id)]


def test_findings_are_numbered_in_order_and_stored_with_their_evidence(audit: Audit) -> None:
    voice, fathers = themed(audit, "Voice of the child", "Fathers")
    quote = quoted(audit)
    found(
        audit,
        "Children are not seen alone. ",
        challenge=" Satisfy yourselves that they are.",
        questions=("see_child_alone", "explain_plan", "see_child_alone"),
        themes=(fathers.id, voice.id),
        quotes=(quote.id,),
    )
    found(audit, "Plans have no dates.")
    first, second = findings_of(audit.id)
    assert (first.name, first.text) == ("Finding 1", "Children are not seen alone.")
    assert first.challenge == "Satisfy yourselves that they are."
    assert [link.question for link in first.questions] == ["explain_plan", "see_child_alone"]
    assert [theme.name for theme in first.themes] == ["Voice of the child", "Fathers"]
    assert [quote.printed for quote in first.quotes] == ["Nobody asked her."]
    assert (second.name, second.challenge, second.questions, second.quotes) == ("Finding 2", None, [], [])


def test_empty_and_too_long_texts_are_refused(audit: Audit) -> None:
    with pytest.raises(TextMissingOrTooLong, match=r"^Write what was found\.$"):
        found(audit, " \n ")
    with pytest.raises(TextMissingOrTooLong, match="what was found in 5,000 characters or fewer"):
        found(audit, "x" * (LONGEST_TEXT + 1))
    with pytest.raises(TextMissingOrTooLong, match="the challenge in 5,000"):
        found(audit, challenge="x" * (LONGEST_TEXT + 1))
    assert findings_of(audit.id) == []


def test_evidence_of_another_audit_is_refused(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    theme, quote = themed(other, "Fathers")[0], quoted(other)
    with pytest.raises(NotOfThisAudit, match="There is no question “hair_colour” in this audit"):
        found(audit, questions=("see_child_alone", "hair_colour"))
    with pytest.raises(NotOfThisAudit, match="A theme you chose is not of this audit"):
        found(audit, themes=(theme.id,))
    with pytest.raises(NotOfThisAudit, match="A quote you chose is not of this audit"):
        found(audit, quotes=(quote.id, 999))
    assert findings_of(audit.id) == []


def test_a_change_replaces_text_challenge_and_evidence(audit: Audit) -> None:
    theme = themed(audit, "Fathers")[0]
    finding = found(audit, challenge="Do it.", questions=("supervision",), themes=(theme.id,))
    with transaction():
        change_finding(finding, FindingDetails("Other words.", questions=("explain_plan",)), **ACTING)
    stored = findings_of(audit.id)[0]
    assert (stored.text, stored.challenge, stored.themes) == ("Other words.", None, [])
    assert [link.question for link in stored.questions] == ["explain_plan"]


def test_a_question_that_left_the_form_stays_linked_until_somebody_unlinks_it(
    audit: Audit, session: Session
) -> None:
    finding = found(audit, questions=("supervision", "explain_plan"))
    audit.form_definition = audit.form_definition.replace('"id":"supervision"', '"id":"oversight"')
    session.commit()
    details = FindingDetails("As before.", questions=("supervision", "explain_plan"))
    with transaction():
        change_finding(finding, details, **ACTING)
    assert [link.question for link in findings_of(audit.id)[0].questions] == ["explain_plan", "supervision"]


def test_a_concurrent_edit_of_a_finding_is_refused(audit: Audit) -> None:
    finding = found(audit)
    seen = finding_digest(finding)
    with transaction():
        change_finding(finding, FindingDetails("Theirs.", questions=("supervision",)), seen=seen, **ACTING)
    with pytest.raises(EditConflict, match="Someone else changed this finding"), transaction():
        change_finding(finding, FindingDetails("Mine."), seen=seen, **ACTING)
    assert findings_of(audit.id)[0].text == "Theirs."
    with transaction():
        change_finding(finding, FindingDetails("Mine."), seen=finding_digest(finding), **ACTING)
    assert findings_of(audit.id)[0].text == "Mine."


@pytest.mark.parametrize(
    ("moved", "to", "order"), [(2, 1, "CAB"), (0, 2, "BAC"), (0, 99, "BCA"), (1, 0, "BAC"), (1, 2, "ABC")]
)
def test_moved_findings_stay_numbered_without_a_gap(audit: Audit, moved: int, to: int, order: str) -> None:
    findings = [found(audit, text) for text in "ABC"]
    with transaction():
        move_finding(findings[moved], to=to, **ACTING)
    assert texts(audit) == list(enumerate(order, start=1))


def test_removing_a_finding_renumbers_the_others(audit: Audit) -> None:
    theme = themed(audit, "Fathers")[0]
    findings = [
        found(audit, text, questions=("supervision",), themes=(theme.id,), quotes=(quoted(audit).id,))
        for text in "ABC"
    ]
    with transaction():
        remove_finding(findings[0], **ACTING)
    assert texts(audit) == [(1, "B"), (2, "C")]


def test_a_finding_with_dependents_cannot_be_removed(audit: Audit) -> None:
    finding = found(audit)
    recommended(audit, finding_id=finding.id)
    with pytest.raises(StillNeeded, match=r"^1 recommendation rests on Finding 1, so it stays\.$"):
        remove_finding(finding, **ACTING)
    acted(audit, finding_id=finding.id)
    with pytest.raises(StillNeeded, match="1 recommendation and 1 action rest on Finding 1") as refused:
        remove_finding(finding, **ACTING)
    assert refused.value.way_on == "Change or remove what rests on it first."


def test_another_audits_findings_keep_their_numbers(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    found(other, "Theirs.")
    finding = found(audit, "A")
    found(audit, "B")
    with transaction():
        remove_finding(finding, **ACTING)
    assert texts(other) == [(1, "Theirs.")]


def test_findings_are_encrypted_and_their_text_is_in_no_event(audit: Audit, session: Session) -> None:
    finding = found(audit, "A secret finding.", challenge="A secret challenge.")
    with transaction():
        change_finding(finding, FindingDetails("Another secret finding."), **ACTING)
        move_finding(finding, to=1, **ACTING)
        remove_finding(finding, **ACTING)
    events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [event.action for event in events] == [
        "added_finding",
        "changed_finding",
        "moved_finding",
        "removed_finding",
    ]
    assert {event.object for event in events} == {f"audit {audit.id}"}
    assert not any("ecret" in event.detail for event in events)
    stored = found(audit, "A secret finding.")
    raw = session.connection().exec_driver_sql("SELECT text FROM survey_finding").scalar_one()
    assert b"ecret" not in bytes(raw)
    assert session.get_one(Finding, stored.id).text == "A secret finding."


def test_a_row_removed_during_a_wait_for_the_lock_is_not_found(audit: Audit, session: Session) -> None:
    finding, recommendation = found(audit, "First."), recommended(audit, "Ask.")
    finding_id, recommendation_id = finding.id, recommendation.id
    for table, row_id in ((Recommendation, recommendation_id), (Finding, finding_id)):
        session.execute(delete(table).where(table.id == row_id).execution_options(synchronize_session=False))
    session.commit()
    for row in (finding, recommendation):
        with pytest.raises(NoResultFound):
            reload_row(row)
