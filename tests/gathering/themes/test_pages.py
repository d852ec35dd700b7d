"""The page of themes: counts out of returns, and the list to change."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.operations import MOST_THEMES
from surveyapp.gathering.themes.starter_themes import STARTER_THEMES
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.gathering.test_queries import read_all
from tests.page_client import PageClient, seen_digest

Queries = Callable[[int], AbstractContextManager[list[str]]]


def names(audit: Audit) -> list[str]:
    return [each.name for each in themes_of(audit.id)]


def test_the_list_begins_with_one_press_and_grows_by_hand(client: PageClient, said: Audit) -> None:
    path = f"/audits/{said.id}/themes"
    page = text_of(client.get(path).text)
    assert "This audit has no themes yet." in page
    assert f"Begin with these {len(STARTER_THEMES)} themes" in page
    page = text_of(client.follow(client.post(f"{path}/begin")).text)
    assert f"{len(STARTER_THEMES)} themes added." in page
    assert "0 of 4 returns" in page
    client.follow(client.post(path, {"name": "  Mother's   view "}))
    assert names(said)[-1] == "Mother's view"
    page = client.post(path, {"name": "mother's view"}, status=422).text
    assert "is on the list already" in page
    assert 'value="mother&#39;s view"' in page


def test_counts_stand_with_what_they_are_out_of_and_lead_to_the_comments(
    client: PageClient, said: Audit, queries: Queries
) -> None:
    read_all(said)
    path = f"/audits/{said.id}/themes"
    with queries(12):
        page = client.get(path).text
    text = text_of(page)
    assert "4 of 4 comments have been read." in text
    assert "Supervision 1 of 4 returns : Supervision (25%) 2 of 4 returns : Supervision (50%)" in text
    assert "Fathers 0 of 4 returns 1 of 4 returns : Fathers (25%)" in text
    assert "2. Case overseen or discussed in supervision 1 of 2 comments 1 of 2 comments" in text
    first = themes_of(said.id)[0].id
    found = client.get(f"/audits/{said.id}/comments?shown=concern&theme={first}").text
    assert f'/comments?shown=concern&amp;theme={first}#read"' in page
    assert "Nobody wrote it down." in found
    assert "The child’s own words" not in found


def test_a_theme_is_renamed_moved_and_removed(client: PageClient, said: Audit) -> None:
    path = f"/audits/{said.id}/themes"
    for name in "ABC":
        client.post(path, {"name": name})
    ids = [each.id for each in themes_of(said.id)]
    client.post(f"{path}/{ids[2]}/move")
    client.post(f"{path}/{ids[0]}/move", {"to": "down"})
    assert names(said) == ["C", "A", "B"]
    assert 'value="A"' in client.get(f"{path}/{ids[0]}").text
    page = client.post(f"{path}/{ids[0]}", {"name": "b"}, status=422).text
    assert "This theme is on the list already" in page
    client.post(f"{path}/{ids[0]}", {"name": "Another"})
    client.post(f"{path}/{ids[1]}/remove")
    assert names(said) == ["C", "Another"]


def test_a_used_theme_is_kept_with_a_way_on(client: PageClient, said: Audit) -> None:
    read_all(said)
    theme = themes_of(said.id)[0]
    page = client.post(f"/audits/{said.id}/themes/{theme.id}/remove", status=409).text
    assert "3 comments have this theme" in page
    assert "Rename it" in page


def test_a_full_list_offers_no_more(client: PageClient, said: Audit) -> None:
    path = f"/audits/{said.id}/themes"
    for number in range(MOST_THEMES):
        client.post(path, {"name": f"Theme {number}"})
    page = client.get(path).text
    assert f"The list has {MOST_THEMES} themes" in page
    assert "Add this theme" not in page


def test_two_who_rename_a_theme_see_each_others_name(client: PageClient, said: Audit) -> None:
    path = f"/audits/{said.id}/themes"
    client.post(path, {"name": "Fathers"})
    one = f"{path}/{themes_of(said.id)[0].id}"
    seen = seen_digest(client.get(one).text)
    client.post(one, {"name": "Men in the family", "seen": seen})
    page = client.post(one, {"name": "Fathers and partners", "seen": seen}, status=409).text
    assert "Theme Men in the family" in text_of(page)
    assert 'value="Fathers and partners"' in page
    assert names(said) == ["Men in the family"]
    client.post(one, {"name": "Fathers and partners", "seen": seen_digest(page)})
    assert names(said) == ["Fathers and partners"]
