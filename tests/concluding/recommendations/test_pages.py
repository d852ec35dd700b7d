"""The form of a recommendation."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.concluding.queries import recommendations_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.concluding.example_conclusions import acted, found, recommended
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


@pytest.fixture
def before(make: Maker, session: Session) -> Audit:
    """An audit three years earlier."""
    earlier = make.audit(cases=1, agencies=1, title="Neglect")
    earlier.issue_on = date(2023, 5, 1)
    session.commit()
    return earlier


def test_a_recommendation_is_added_with_its_finding_and_its_repeat(
    client: PageClient, audit: Audit, before: Audit
) -> None:
    finding, old = found(audit), recommended(before, "Keep workers. " + "For long. " * 20)
    finding_id, old_id = finding.id, old.id
    path = f"/audits/{audit.id}/recommendations/add"
    page = text_of(client.get(path).text)
    assert "Finding 1: Children are not seen alone." in page
    assert "None: the evidence is not strong enough for a finding" in page
    assert "Neglect (2023): Keep workers. For long." in page
    assert "For long. For …" in page
    client.post(path, {"text": "Say so in minutes.", "finding": finding_id, "repeats": "none"})
    client.post(path, {"text": "Keep workers.", "finding": "none", "repeats": old_id, "elsewhere": "ignored"})
    away = {"finding": "none", "repeats": "elsewhere", "elsewhere": "Peer review, January 2014"}
    page = text_of(client.follow(client.post(path, {"text": "Keep papers."} | away)).text)
    assert "The recommendation is added." in page
    first, second, third = recommendations_of(audit.id)
    assert (first.finding_id, first.repeated_from_id) == (finding_id, None)
    assert (second.finding_id, second.repeated_from_id, second.repeated_from_elsewhere) == (None, old_id, "")
    assert third.repeated_from_elsewhere == "Peer review, January 2014"


def test_mistakes_are_shown(client: PageClient, audit: Audit, before: Audit) -> None:
    foreign, path = found(before).id, f"/audits/{audit.id}/recommendations/add"
    for wrong, words in (
        ({"text": ""}, "Write what is recommended"),
        ({"repeats": "elsewhere"}, "Enter the title and year of the audit it repeats"),
        ({"finding": foreign}, "The finding you chose is not of this audit"),
        ({"repeats": "999"}, "Only what an earlier audit recommended can be repeated"),
        ({"repeats": "x"}, "Only what an earlier audit recommended can be repeated"),
    ):
        page = client.post(path, {"text": "Half a thought"} | wrong, status=422).text
        assert words in text_of(page)
    assert recommendations_of(audit.id) == []


def test_a_recommendation_is_changed_and_a_concurrent_edit_is_shown(client: PageClient, audit: Audit) -> None:
    recommendation = recommended(audit, repeated_from_elsewhere="Peer review, January 2014")
    path = f"/audits/{audit.id}/recommendations/{recommendation.id}"
    html = client.get(path).text
    assert 'value="Peer review, January 2014"' in html
    assert 'value="elsewhere" checked' in html
    seen = html.split('name="seen" value="')[1].split('"')[0]
    sent = {"text": "Theirs.", "finding": "none", "repeats": "none", "seen": seen}
    assert "Recommendation 1 is saved." in client.follow(client.post(path, sent)).text
    page = client.post(path, sent | {"text": "Mine."}, status=409).text
    assert "Someone else changed this recommendation" in page
    assert "Theirs." in text_of(page)
    assert "Mine.</textarea>" in page


def test_an_impossible_number_does_not_move_a_recommendation(client: PageClient, audit: Audit) -> None:
    first, second = recommended(audit, "First."), recommended(audit, "Second.")
    texts = [first.text, second.text]
    client.post(f"/audits/{audit.id}/recommendations/{first.id}/move", {"to": str(10**30)})
    assert [recommendation.text for recommendation in recommendations_of(audit.id)] == texts


def test_a_recommendation_is_removed_unless_something_depends_on_it(
    client: PageClient, audit: Audit, make: Maker
) -> None:
    first, second = recommended(audit, "First."), recommended(audit, "Second.")
    acted(audit, recommendation_id=second.id)
    stem = f"/audits/{audit.id}/recommendations"
    paths = f"{stem}/{first.id}/remove", f"{stem}/{second.id}/remove"
    assert "Recommendation 1 Second." in text_of(client.follow(client.post(paths[0])).text)
    assert "1 action rests on Recommendation 1" in text_of(client.post(paths[1], status=409).text)
    other = make.audit(cases=1, agencies=1)
    client.post(f"/audits/{other.id}/recommendations/{second.id}/remove", status=404)
