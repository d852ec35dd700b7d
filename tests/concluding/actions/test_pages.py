"""The action plan, the page of one action, and their forms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.concluding.actions.operations import update_action
from surveyapp.concluding.queries import actions_of
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from surveyapp.standalone.models import Staff
from tests.collating.example_answers import text_of
from tests.concluding.example_conclusions import ACTING, acted, found, recommended
from tests.page_client import MANAGER, PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
FORM = {
    "what": "Put it on every agenda.",
    "owner": "Head of safeguarding",
    "owner_email": "head@partnership.example",
    "agency": "none",
    "answers": "none",
    "due_on": ["31", "3", "2027"],
    "measure": "Ten sets of minutes say so.",
}


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=[make.agency("Northside Police")])


def plan_of(audit: Audit) -> str:
    return f"/audits/{audit.id}/actions"


def test_an_action_on_a_finding_is_added_and_shown(client: PageClient, audit: Audit) -> None:
    finding = found(audit)
    value, path = f"finding-{finding.id}", f"{plan_of(audit)}/add"
    html = client.get(f"{path}?answers={value}").text
    assert f'value="{value}" checked' in html
    assert "Northside Police" in html
    agency = audit.cases[0].involvements[0].agency_id
    page = text_of(client.follow(client.post(path, FORM | {"answers": value, "agency": agency})).text)
    for words in (
        "A1 is added.",
        "Action A1 Not started",
        "Put it on every agenda.",
        "Finding 1 Children are not seen alone.",
        "Ten sets of minutes say so.",
        "Head of safeguarding Northside Police head@partnership.example",
        "Wednesday 31 March 2027",
        "gets an email 5 working days before the day, on the day, and every 10 working days after it",
        "Nothing yet. Every update is kept here.",
    ):
        assert words in page


def test_mistakes_are_shown_and_typed_text_is_kept(client: PageClient, audit: Audit) -> None:
    path = f"{plan_of(audit)}/add"
    page = client.post(
        path, {"owner_email": "head at partnership", "what": "Half a thought"}, status=422
    ).text
    for words in (
        "Say who sees to it, by name or post",
        "Enter the day by which it is done",
        "Write how it will be known to be done",
    ):
        assert words in page
    assert "Half a thought" in page
    for wrong, words in (
        ({"owner_email": "head at partnership"}, "is not an email address. Enter one"),
        ({"due_on": ["31", "2", "2027"]}, "By when: enter a real day"),
        ({"due_on": ["31", "March", "2072"]}, "Thursday 31 March 2072 is more than five years ahead"),
        ({"answers": "finding-999"}, "The finding you chose is not of this audit"),
        ({"answers": "recommendation-x"}, "The recommendation you chose is not of this audit"),
        ({"agency": "999"}, "The agency that you chose is gone"),
    ):
        assert words in text_of(client.post(path, FORM | wrong, status=422).text)
    assert actions_of(audit.id) == []


def test_a_due_day_in_the_past_is_accepted_and_pointed_out(client: PageClient, audit: Audit) -> None:
    sent = FORM | {"due_on": ["27", "11", "2026"], "owner_email": ""}
    page = text_of(client.follow(client.post(f"{plan_of(audit)}/add", sent)).text)
    assert "Its day has passed, so it is overdue." in page
    assert "Overdue. Not started" in page
    assert "No email address, so nobody is written to" in page
    assert "gets an email" not in page


def test_an_executive_follows_an_action_without_a_form_that_is_not_theirs(
    client: PageClient, audit: Audit, session: Session
) -> None:
    action = acted(audit)
    with transaction():
        update_action(action, status="under_way", evidence="Agreed by all.", **ACTING)
    session.scalars(select(Staff).where(Staff.email == MANAGER)).one().roles = "executive"
    session.commit()
    page = client.get(f"{plan_of(audit)}/{action.id}").text.partition("<main")[2].partition("</main>")[0]
    assert "Agreed by all." in page
    for shut in ("<form", "Change this action", "How far is it?"):
        assert shut not in page
    plan = client.get(plan_of(audit)).text
    assert "Add an action" not in plan
    assert "/conclusions" not in plan


def test_the_plan_groups_actions_by_conclusion_and_marks_overdue_ones(
    client: PageClient, audit: Audit
) -> None:
    finding, recommendation = found(audit, challenge="See them."), recommended(audit)
    late = acted(audit, "Late <one>.", finding_id=finding.id, due_on=date(2026, 11, 27))
    acted(audit, "Whole.", due_on=date(2026, 11, 30))
    with transaction():
        update_action(late, status="under_way", evidence="Half of it.", **ACTING)
        update_action(late, status="under_way", evidence="Most of it.", **ACTING)
    html = client.get(plan_of(audit)).text
    page = text_of(html)
    assert "0 of 2 actions done, 1 under way, 1 not started. 1 is overdue." in page
    assert "As of Monday 30 November 2026." in page
    assert "Challenge to the board: See them." in page
    assert "A1 Overdue Late <one>. Known by: Ten sets of minutes say so. Head of safeguarding" in page
    assert "Fri 27 November 2026 Under way Most of it. Said on Monday 30 November 2026" in page
    assert "Half of it." not in page
    assert (
        "Recommendation 1 Recommendation 1 in full Keep chronologies up to date. No action answers this yet."
        in page
    )
    assert "The audit as a whole" in page
    assert f'id="recommendation-{recommendation.id}"' in html
    assert "A2 Whole." in page, "what is due today is not overdue"


def test_done_needs_evidence_and_updates_are_kept(client: PageClient, audit: Audit) -> None:
    action = acted(audit)
    path = f"{plan_of(audit)}/{action.id}"
    assert 'value="open" checked' in client.get(path).text
    page = client.post(path, {"status": "done", "evidence": ""}, status=422).text
    assert '<a href="#evidence">Write the evidence: how it is known that this is done' in page
    assert 'value="done" checked' in page
    assert "Choose another status, or write" in client.post(path, {"status": "open"}, status=422).text
    assert "Choose how far it is" in client.post(path, {"evidence": "x"}, status=422).text
    client.post(path, {"status": "under_way", "evidence": "Agreed <b>by</b> all.\nIn writing."})
    page = text_of(client.follow(client.post(path, {"status": "done", "evidence": "Ten of ten."})).text)
    assert "A1: done. The update is kept below." in page
    assert "Done , Monday 30 November 2026 at 9:00am, by you Ten of ten." in page
    assert page.index("Ten of ten.") < page.index("Agreed <b>by</b> all. In writing.")
    assert "Remove this action" not in page
    client.post(f"{path}/remove", status=409)


def test_an_action_is_changed_and_a_concurrent_edit_is_shown(client: PageClient, audit: Audit) -> None:
    action = acted(audit, recommendation_id=recommended(audit).id)
    path = f"{plan_of(audit)}/{action.id}/change"
    html = client.get(path).text
    assert 'value="recommendation-1" checked' in html
    assert 'value="head@partnership.example"' in html
    seen = html.split('name="seen" value="')[1].split('"')[0]
    sent = FORM | {"what": "Theirs.", "seen": seen}
    page = text_of(client.follow(client.post(path, sent)).text)
    assert "A1 is saved." in page
    assert "The audit as a whole" in page
    page = client.post(path, sent | {"what": "Mine."}, status=409).text
    assert "Someone else changed this action" in page
    assert "Theirs." in text_of(page)
    assert "Mine.</textarea>" in page


def test_an_agency_outside_the_audit_stays_a_choice_of_its_action(
    client: PageClient, audit: Audit, make: Maker
) -> None:
    elsewhere = make.agency("Far away")
    action = acted(audit, agency_id=elsewhere.id)
    value = f'value="{elsewhere.id}" checked'
    assert value in client.get(f"{plan_of(audit)}/{action.id}/change").text


def test_an_action_without_updates_is_removed(client: PageClient, audit: Audit, make: Maker) -> None:
    action, other = acted(audit), make.audit(cases=1, agencies=1)
    path = f"{plan_of(audit)}/{action.id}"
    foreign = f"{plan_of(other)}/{action.id}"
    client.get(foreign, status=404)
    client.post(foreign, {"status": "done"}, status=409)
    client.post(f"{foreign}/remove", status=404)
    page = text_of(client.follow(client.post(f"{path}/remove")).text)
    assert "A1 is removed." in page
    assert "There are no actions yet." in page


def test_the_number_of_statements_does_not_grow_with_the_plan(
    client: PageClient, audit: Audit, queries: Queries
) -> None:
    for _ in range(6):
        finding, recommendation = found(audit), recommended(audit)
        for action in (
            acted(audit, finding_id=finding.id),
            acted(audit, recommendation_id=recommendation.id),
        ):
            with transaction():
                update_action(action, status="under_way", evidence="Begun.", **ACTING)
    path = plan_of(audit)
    with queries(11):
        client.get(path)
    path = f"{path}/{action.id}"
    with queries(8):
        client.get(path)


def test_identifying_words_are_pointed_out_before_they_are_stored(client: PageClient, audit: Audit) -> None:
    path = f"{plan_of(audit)}/add"
    form = FORM | {
        "what": "Ring the mother, Mrs Jane Smith, on 01632 960101.",
        "owner": "Ann Lee, 07700 900123",
    }
    page = client.post(path, form, status=422).text
    words = text_of(page)
    assert "Change what is pointed out, or tick “Keep these words as they stand”" in words
    assert "“Mrs Jane Smith” looks like a person’s name." in words
    assert "“01632 960101” looks like a telephone number." in words
    assert "“07700 900123” looks like a telephone number." in words
    assert "Ann Lee" not in words.split("This may tell who somebody is")[1].split("Keep these words")[0]
    assert "Ring the mother, Mrs Jane Smith, on 01632 960101.</textarea>" in page
    assert actions_of(audit.id) == []
    client.post(path, form | {"keep": "y"})
    action = actions_of(audit.id)[0]
    page = client.post(
        f"{plan_of(audit)}/{action.id}", {"status": "under_way", "evidence": "Told Tom Smith."}, status=422
    ).text
    assert "“Tom Smith” looks like a person’s name." in text_of(page)
    assert "Told Tom Smith.</textarea>" in page


def test_removing_an_action_needs_a_second_press(client: PageClient, audit: Audit) -> None:
    page = client.get(f"{plan_of(audit)}/{acted(audit).id}").text
    [removal] = [part for part in page.split("<details")[1:] if "Remove this action" in part]
    assert "What is written here goes with it. Nobody can bring it back." in removal
    assert "Remove it for good" in removal.split("</details>")[0]


def test_an_owner_whose_name_holds_a_link_is_refused(client: PageClient, audit: Audit) -> None:
    page = client.post(f"{plan_of(audit)}/add", FORM | {"owner": "See www.evil.example"}, status=422).text
    assert "Leave “www.” out of the name: the name goes into emails" in page
    assert actions_of(audit.id) == []
