"""The pages of overdue actions and of what recurs over the years."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import docx
import pytest
from sqlalchemy.orm import Session

from surveyapp.concluding.across_audits.recurrence import recurring_recommendations, recurring_themes
from surveyapp.concluding.models import Recommendation
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.concluding.example_conclusions import acted, found, quoted, recommended, themed
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def audits(make: Maker, session: Session) -> list[Audit]:
    """Three audits of 2021, 2023 and 2026; the latest was set up first."""
    latest, first, second = (make.audit(cases=1, agencies=1, title=name) for name in ("C", "A", "B, 2023"))
    first.issue_on, second.issue_on = date(2021, 3, 1), date(2023, 3, 1)
    session.commit()
    return [first, second, latest]


def test_the_pages_say_so_where_nothing_is_overdue_or_recurs(client: PageClient) -> None:
    assert "Nothing is overdue in any audit." in client.get("/overdue-actions").text
    page = text_of(client.get("/recurring").text)
    assert "No recommendation says yet that it repeats one of an earlier audit." in page
    assert "No theme has come up in more than one audit yet." in page


def test_overdue_actions_of_all_audits_are_listed_together(
    client: PageClient, audits: list[Audit], queries: Queries
) -> None:
    for audit, day in zip(audits, (27, 20, 13), strict=True):
        for _ in range(3):
            acted(audit, f"Due on the {day}th.", due_on=date(2026, 11, day))
    acted(audits[0], "Not yet due.")
    with queries(6):
        html = client.get("/overdue-actions").text
    page = text_of(html)
    assert "9 actions are overdue, of 3 audits" in page
    assert page.index("Due on the 13th.") < page.index("Due on the 20th.") < page.index("Due on the 27th.")
    assert "Not yet due." not in page
    assert "A7 Overdue C Due on the 13th." in page
    home = client.get("/audits").text
    assert 'href="/overdue-actions">Overdue actions of all audits' in home
    assert 'href="/recurring">What recurs over the years' in home


def test_a_recommendation_is_followed_through_the_audits(client: PageClient, audits: list[Audit]) -> None:
    first, second, latest = audits
    one = recommended(first, "Keep workers.", repeated_from_elsewhere="Peer review, January 2014")
    two = recommended(second, "Keep workers, please.", repeated_from_id=one.id)
    three = recommended(latest, "Keep workers at last.", repeated_from_id=two.id)
    papers = recommended(second, "Keep papers.")
    again = recommended(latest, "Keep papers too.", repeated_from_id=papers.id)
    recommended(latest, "Only once.")
    chains = recurring_recommendations()
    assert [(chain.times, chain.latest, chain.elsewhere) for chain in chains] == [
        (4, three, "Peer review, January 2014"),
        (2, again, ""),
    ]
    assert chains[0].recommendations == (one, two, three)
    page = text_of(client.get("/recurring").text)
    assert (
        "Recommended in 4 audits Peer review, January 2014. Not kept here. A (2021) , recommendation 1: "
        "Keep workers. B, 2023 , recommendation 1: Keep workers, please. C (2026) , recommendation 1: "
        "Keep workers at last. Recommended in 2 audits"
    ) in page
    assert "Only once." not in page


def test_what_recurs_is_taken_into_the_yearly_report_as_a_word_file(
    client: PageClient, audits: list[Audit]
) -> None:
    assert "/recurring.docx" not in client.get("/recurring").text
    first, second, _latest = audits
    one = recommended(first, "Keep workers.", repeated_from_elsewhere="Peer review, January 2014")
    recommended(second, "Keep <workers>, please.", repeated_from_id=one.id)
    for audit in (first, second):
        (fathers,) = themed(audit, "Fathers")
        found(audit, themes=(fathers.id,))
    assert 'href="/recurring.docx"' in client.get("/recurring").text
    answer = client.get("/recurring.docx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=recurring-2026-11-30.docx"
    written = docx.Document(io.BytesIO(answer.data))
    said = [paragraph.text for paragraph in written.paragraphs]
    for line in (
        "What more than one audit came to, as of Monday 30 November 2026.",
        "Recommended in 3 audits",
        "Peer review, January 2014: Not kept here",
        "A (2021), recommendation 1: Keep workers.",
        "B, 2023, recommendation 1: Keep <workers>, please.",
        "Fathers",
        "A (2021): 0 comments, 0 quotes, 1 finding",
    ):
        assert line in said, said


def test_repeats_of_one_recommendation_are_one_chain_even_in_a_circle(
    audits: list[Audit], session: Session
) -> None:
    first, second, latest = audits
    one = recommended(first)
    two = recommended(second, repeated_from_id=one.id)
    three = recommended(latest, repeated_from_id=one.id)
    assert [chain.recommendations for chain in recurring_recommendations()] == [(one, two, three)]
    # This can happen when the days of audits are changed later.
    session.get_one(Recommendation, one.id).repeated_from_id = two.id
    session.commit()
    assert {row for chain in recurring_recommendations() for row in chain.recommendations} == {
        one,
        two,
        three,
    }


def test_themes_with_the_same_name_are_one_theme(
    client: PageClient, audits: list[Audit], queries: Queries, session: Session
) -> None:
    first, second, latest = audits
    fathers, listed = themed(first, "Fathers", "Recording")
    again, only = themed(second, "FATHERS ", "Escalation")
    last = themed(latest, "fathers", "Recording")
    found(first, themes=(fathers.id, listed.id))
    found(second, themes=(again.id, only.id))
    found(second, themes=(again.id,))
    quote = quoted(latest)
    quote.themes = [last[0]]
    session.commit()
    themes = recurring_themes()
    assert [(theme.name, [mentions.year for mentions in theme.audits]) for theme in themes] == [
        ("fathers", [2021, 2023, 2026])
    ]
    with queries(7):
        html = client.get("/recurring").text
    page = text_of(html)
    assert (
        "fathers 2021 A 0 comments, 0 quotes, 1 finding 2023 B, 2023 0 comments, 0 quotes, 2 findings" in page
    )
    assert "2026 C 0 comments, 1 quote, 0 findings" in page
    assert "Recording" not in page, "a theme that is only listed has not come up"
