"""The page of an audit's conclusions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.concluding.actions.operations import update_action
from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.quotes.operations import QuoteDetails, choose_quote_from_comment
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.concluding.example_conclusions import ACTING, acted, found, quoted, recommended, themed
from tests.gathering.conftest import commented
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Three returns say yes to supervision, one is outstanding."""
    return make.audit(cases=2, agencies=2, returned=3, title="Repeat plans, 2026")


def page_of(audit: Audit) -> str:
    return f"/audits/{audit.id}/conclusions"


def test_the_page_without_conclusions_says_so_and_is_linked_from_the_audit(
    client: PageClient, audit: Audit
) -> None:
    assert f'href="{page_of(audit)}"' in client.get(f"/audits/{audit.id}").text
    page = text_of(client.get(page_of(audit)).text)
    for words in (
        "There are no findings yet.",
        "There are no recommendations yet.",
        "There are no actions yet.",
    ):
        assert words in page
    assert "No day yet" in page


def test_a_finding_is_shown_with_figures_quotes_themes_and_challenge(
    client: PageClient, audit: Audit
) -> None:
    theme = themed(audit, "Voice of the <child>")[0]
    quote = quoted(audit, "Nobody asked {{7*7}} her.")
    found(
        audit,
        "Supervision is <b>seen</b>.",
        challenge="Keep it up.",
        questions=("supervision", "explain_plan"),
        themes=(theme.id,),
        quotes=(quote.id,),
    )
    html = client.get(page_of(audit)).text
    page = text_of(html)
    assert "Finding 1 Supervision is <b>seen</b>." in page
    assert "<b>seen" not in html
    assert "Challenge to the board Keep it up." in page
    assert "3 of 3 returns (100%)" in page
    assert "No return answered this." in page
    assert "“Nobody asked {{7*7}} her.” Practitioner" in page
    assert page.index("2. Case overseen") < page.index("8. Professional identified"), "the template’s order"
    assert "Themes: Voice of the" in page
    assert "(as said)" not in page, "only what is printed of a quote is shown"
    assert "No action yet" in page


def test_the_page_names_a_question_that_has_left_the_form(
    client: PageClient, audit: Audit, session: Session
) -> None:
    found(audit, questions=("supervision",))
    audit.form_definition = audit.form_definition.replace('"id":"supervision"', '"id":"oversight"')
    session.commit()
    assert "The question “ supervision ” is not collated" in text_of(client.get(page_of(audit)).text)


def test_recommendations_show_their_finding_and_what_they_repeat(
    client: PageClient, audit: Audit, make: Maker, session: Session
) -> None:
    before = make.audit(cases=1, agencies=1, title="Neglect")
    before.issue_on = date(2023, 5, 1)
    session.commit()
    old = recommended(before, "Keep workers.")
    finding = found(audit)
    recommended(audit, "Say so in minutes.", finding_id=finding.id)
    recommended(audit, "Keep workers.", repeated_from_id=old.id)
    recommended(audit, "Keep papers.", repeated_from_elsewhere="Peer review, January 2014")
    page = text_of(client.get(page_of(audit)).text)
    assert "Recommendation 1 Say so in minutes. Follows from Finding 1 ." in page
    assert "Evidence not strong enough for a finding. Repeated from Neglect (2023), recommendation 1." in page
    assert "Repeated from Peer review, January 2014." in page


def test_findings_and_recommendations_are_moved_by_their_buttons(client: PageClient, audit: Audit) -> None:
    for words in ("First.", "Second.", "Third."):
        found(audit, words)
        recommended(audit, f"Recommended {words}")
    page = text_of(client.follow(client.post(f"/audits/{audit.id}/findings/3/move", {"to": "1"})).text)
    assert "It is finding 1 now." in page
    assert page.index("Third.") < page.index("First.") < page.index("Second.")
    client.post(f"/audits/{audit.id}/findings/3/move", {"to": "nowhere"})
    page = text_of(client.follow(client.post(f"/audits/{audit.id}/recommendations/1/move", {"to": "2"})).text)
    assert "It is recommendation 2 now." in page
    assert page.index("Recommended Second.") < page.index("Recommended First.")


def test_actions_are_counted_beside_the_conclusions_they_answer(client: PageClient, audit: Audit) -> None:
    finding, recommendation = found(audit), recommended(audit)
    first, _ = acted(audit, finding_id=finding.id), acted(audit, finding_id=finding.id)
    acted(audit, recommendation_id=recommendation.id, due_on=date(2026, 11, 27))
    with transaction():
        update_action(first, status="done", evidence="Seen.", **ACTING)
    page = text_of(client.get(page_of(audit)).text)
    assert "1 of 3 actions done, 0 under way, 2 not started. 1 is overdue." in page
    assert "2 actions on Finding 1" in page
    assert "1 action on Recommendation 1" in page


def test_the_number_of_statements_does_not_grow_with_conclusions(
    client: PageClient, audit: Audit, queries: Queries
) -> None:
    theme = themed(audit, "Fathers")[0]
    before = recommended(audit)
    for _ in range(6):
        quote = quoted(audit)
        finding = found(
            audit, questions=("supervision", "file_contents"), themes=(theme.id,), quotes=(quote.id,)
        )
        recommendation = recommended(audit, finding_id=finding.id)
        acted(audit, finding_id=finding.id)
        acted(audit, recommendation_id=recommendation.id)
    assert before.id
    path = page_of(audit)
    with queries(14):
        client.get(path)


def test_a_quote_no_longer_in_its_return_is_marked_beside_its_finding(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1)
    request = make.requests(audit)[0]
    make.returned(request, commented("supervision", "Nobody wrote it down."))
    words = QuoteDetails("Nobody wrote it down.", "", "auditor", "concern")
    with transaction():
        quote = choose_quote_from_comment(
            audit, request.id, audit.form.question("supervision"), words, **ACTING
        )
    found(audit, quotes=(quote.id,))
    assert "No longer said" not in client.get(page_of(audit)).text
    make.corrected(request, commented("supervision", "It stands in the file."))
    page = text_of(client.get(page_of(audit)).text)
    assert "No longer said The return it came from was corrected or withdrawn since." in page
