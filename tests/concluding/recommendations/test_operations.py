"""Adding, changing, moving and removing recommendations."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from surveyapp.concluding.conclusion_rules import NotOfThisAudit, StillNeeded, TextMissingOrTooLong
from surveyapp.concluding.edit_conflicts import recommendation_digest
from surveyapp.concluding.queries import earlier_recommendations, recommendations_of
from surveyapp.concluding.recommendations.operations import (
    RecommendationDetails,
    change_recommendation,
    move_recommendation,
    remove_recommendation,
)
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING, acted, found, recommended
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1, title="Repeat plans, 2026")


@pytest.fixture
def before(make: Maker, session: Session) -> Audit:
    """An audit three years earlier."""
    earlier = make.audit(cases=1, agencies=1, title="Repeat plans, 2023")
    earlier.issue_on = date(2023, 11, 30)
    session.commit()
    return earlier


def test_a_recommendation_follows_from_a_finding_or_from_none(audit: Audit) -> None:
    finding = found(audit)
    recommended(audit, "Say so in minutes.", finding_id=finding.id)
    recommended(audit, "Keep chronologies up to date.")
    first, second = recommendations_of(audit.id)
    assert (first.name, first.finding) == ("Recommendation 1", finding)
    assert (second.name, second.finding) == ("Recommendation 2", None)


def test_only_a_recommendation_of_an_earlier_audit_can_be_repeated(audit: Audit, before: Audit) -> None:
    old, own = recommended(before, "Keep workers."), recommended(audit)
    recommended(audit, "Keep workers, again.", repeated_from_id=old.id)
    repeated = recommendations_of(audit.id)[1]
    assert repeated.repeated_from is not None
    assert repeated.repeated_from.audit.title == "Repeat plans, 2023"
    with pytest.raises(NotOfThisAudit, match="Only what an earlier audit recommended can be repeated"):
        recommended(audit, repeated_from_id=own.id)
    with pytest.raises(NotOfThisAudit, match="earlier audit"):
        recommended(before, repeated_from_id=own.id)
    with pytest.raises(NotOfThisAudit, match="earlier audit"):
        recommended(audit, repeated_from_id=999)


def test_a_recommendation_can_repeat_one_of_an_audit_kept_elsewhere(audit: Audit, before: Audit) -> None:
    recommended(audit, repeated_from_elsewhere=" Case mapping peer review, January 2014 ")
    assert recommendations_of(audit.id)[0].repeated_from_elsewhere == "Case mapping peer review, January 2014"
    old = recommended(before)
    with pytest.raises(NotOfThisAudit, match="A recommendation repeats one"):
        recommended(audit, repeated_from_id=old.id, repeated_from_elsewhere="Another")
    with pytest.raises(TextMissingOrTooLong, match="in 200 characters or fewer"):
        recommended(audit, repeated_from_elsewhere="x" * 201)


def test_the_database_refuses_a_recommendation_that_repeats_two(audit: Audit, session: Session) -> None:
    recommended(audit, repeated_from_elsewhere="A review of 2014")
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE survey_recommendation SET repeated_from_id = id"))
    session.rollback()


def test_a_finding_of_another_audit_and_an_empty_text_are_refused(audit: Audit, before: Audit) -> None:
    finding = found(before)
    with pytest.raises(NotOfThisAudit, match="The finding you chose is not of this audit"):
        recommended(audit, finding_id=finding.id)
    with pytest.raises(TextMissingOrTooLong, match="Write what is recommended"):
        recommended(audit, "  ")
    assert recommendations_of(audit.id) == []


def test_earlier_recommendations_come_latest_audit_first(
    audit: Audit, before: Audit, make: Maker, session: Session
) -> None:
    between = make.audit(cases=1, agencies=1, title="Between")
    between.issue_on = date(2025, 1, 1)
    session.commit()
    for recommending, words in ((before, "A"), (before, "B"), (between, "C"), (audit, "D")):
        recommended(recommending, words)
    assert [recommendation.text for recommendation in earlier_recommendations(audit)] == ["C", "A", "B"]
    assert [recommendation.text for recommendation in earlier_recommendations(before)] == []


def test_recommendations_are_changed_moved_and_removed(audit: Audit) -> None:
    rows = [recommended(audit, words) for words in "ABC"]
    seen = recommendation_digest(rows[0])
    with transaction():
        change_recommendation(rows[0], RecommendationDetails("A, better"), seen=seen, **ACTING)
        move_recommendation(rows[2], to=1, **ACTING)
        remove_recommendation(rows[1], **ACTING)
    assert [(row.position, row.text) for row in recommendations_of(audit.id)] == [
        (1, "C"),
        (2, "A, better"),
    ]
    with pytest.raises(EditConflict, match="this recommendation"):
        change_recommendation(rows[0], RecommendationDetails("Mine"), seen=seen, **ACTING)


def test_a_recommendation_with_dependents_cannot_be_removed(audit: Audit, before: Audit) -> None:
    old = recommended(before)
    acted(before, recommendation_id=old.id)
    recommended(audit, repeated_from_id=old.id)
    with pytest.raises(StillNeeded, match="1 recommendation and 1 action rest on Recommendation 1"):
        remove_recommendation(old, **ACTING)
