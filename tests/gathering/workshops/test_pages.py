"""The pages on which workshops are added and changed."""

from surveyapp.gathering.queries import workshops_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_staff_add_and_change_a_workshop(client: PageClient, commented_audit: Audit, make: Maker) -> None:
    make.agency("Housing", kind="other")
    health = make.requests(commented_audit)[0].agency_id
    begin = f"/audits/{commented_audit.id}/workshops"
    page = text_of(client.get(f"{begin}/add").text)
    assert page.index("Police") < page.index("Other agencies") < page.index("Housing")
    sent = {
        "title": "Learning event",
        "held_on": ["27", "November", "2026"],
        "notes": "It's ours.",
        f"people-{health}": "4",
    }
    voices = client.follow(client.post(f"{begin}/add", sent)).text
    assert "4 people of 1 agency" in text_of(voices)
    path = f"{begin}/{workshops_of(commented_audit.id)[0].id}"
    page = client.get(path).text
    assert "It&#39;s ours.</textarea>" in page
    assert f'name="people-{health}" inputmode="numeric" value="4"' in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(path, {**sent, "seen": seen, "notes": "Hers."})
    page = client.post(path, {**sent, "seen": seen, "notes": "Mine."}, status=409).text
    for words in ("Someone else changed this", "Hers.", "Mine.</textarea>", "Health 4"):
        assert words in page
    fresh = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(path, {**sent, "seen": fresh, "notes": "Mine."})
    assert workshops_of(commented_audit.id)[0].notes == "Mine."
    client.post(f"{path}/remove")
    client.get(path, status=404)


def test_mistakes_are_shown_and_numbers_stay_as_typed(
    client: PageClient, commented_audit: Audit, make: Maker
) -> None:
    health, path = make.requests(commented_audit)[0].agency_id, f"/audits/{commented_audit.id}/workshops/add"
    ahead = {"title": "Learning event", "held_on": ["27", "11", "2062"]}
    page = client.post(path, ahead, status=422).text
    assert "Monday 27 November 2062 is still to come: check the day and the year" in page
    assert 'value="2062"' in page
    page = client.post(path, {f"people-{health}": "a few"}, status=422).text
    for words in (
        "Name the workshop",
        "Say on which day it was held",
        "Enter how many people came as a whole number",
        'value="a few"',
    ):
        assert words in page
