"""The page of themes with their counts, and changing the list."""

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
    return [theme.name for theme in themes_of(audit.id)]


def test_the_starter_list_and_further_themes_are_added(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/themes"
    page = text_of(client.get(path).text)
    assert "This audit has no themes yet." in page
    assert f"Begin with these {len(STARTER_THEMES)} themes" in page
    page = text_of(client.follow(client.post(f"{path}/begin")).text)
    assert f"{len(STARTER_THEMES)} themes added." in page
    assert "0 of 4 returns" in page
    client.follow(client.post(path, {"name": "  Mother's   view "}))
    assert names(commented_audit)[-1] == "Mother's view"
    page = client.post(path, {"name": "mother's view"}, status=422).text
    assert "is on the list already" in page
    assert 'value="mother&#39;s view"' in page


def test_counts_show_their_denominator_and_link_to_the_comments(
    client: PageClient, commented_audit: Audit, queries: Queries
) -> None:
    read_all(commented_audit)
    path = f"/audits/{commented_audit.id}/themes"
    with queries(12):
        page = client.get(path).text
    text = text_of(page)
    assert "4 of 4 comments have been read." in text
    assert "Supervision 1 of 4 returns : Supervision (25%) 2 of 4 returns : Supervision (50%)" in text
    assert "Fathers 0 of 4 returns 1 of 4 returns : Fathers (25%)" in text
    assert "2. Case overseen or discussed in supervision 1 of 2 comments 1 of 2 comments" in text
    first = themes_of(commented_audit.id)[0].id
    found = client.get(f"/audits/{commented_audit.id}/comments?shown=concern&theme={first}").text
    assert f'/comments?shown=concern&amp;theme={first}#read"' in page
    assert "Nobody wrote it down." in found
    assert "The child’s own words" not in found


def test_a_theme_is_renamed_moved_and_removed(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/themes"
    for name in "ABC":
        client.post(path, {"name": name})
    ids = [theme.id for theme in themes_of(commented_audit.id)]
    client.post(f"{path}/{ids[2]}/move")
    client.post(f"{path}/{ids[0]}/move", {"to": "down"})
    assert names(commented_audit) == ["C", "A", "B"]
    assert 'value="A"' in client.get(f"{path}/{ids[0]}").text
    page = client.post(f"{path}/{ids[0]}", {"name": "b"}, status=422).text
    assert "This theme is on the list already" in page
    client.post(f"{path}/{ids[0]}", {"name": "Another"})
    client.post(f"{path}/{ids[1]}/remove")
    assert names(commented_audit) == ["C", "Another"]


def test_removing_a_used_theme_is_refused_with_a_way_on(client: PageClient, commented_audit: Audit) -> None:
    read_all(commented_audit)
    theme = themes_of(commented_audit.id)[0]
    page = client.post(f"/audits/{commented_audit.id}/themes/{theme.id}/remove", status=409).text
    assert "3 comments have this theme" in page
    assert "Rename it" in page


def test_a_full_list_offers_no_more(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/themes"
    for number in range(MOST_THEMES):
        client.post(path, {"name": f"Theme {number}"})
    page = client.get(path).text
    assert f"The list has {MOST_THEMES} themes" in page
    assert "Add this theme" not in page


def test_conflicting_names_of_a_theme_are_shown(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/themes"
    client.post(path, {"name": "Fathers"})
    one = f"{path}/{themes_of(commented_audit.id)[0].id}"
    seen = seen_digest(client.get(one).text)
    client.post(one, {"name": "Men in the family", "seen": seen})
    page = client.post(one, {"name": "Fathers and partners", "seen": seen}, status=409).text
    assert "Theme Men in the family" in text_of(page)
    assert 'value="Fathers and partners"' in page
    assert names(commented_audit) == ["Men in the family"]
    client.post(one, {"name": "Fathers and partners", "seen": seen_digest(page)})
    assert names(commented_audit) == ["Fathers and partners"]
