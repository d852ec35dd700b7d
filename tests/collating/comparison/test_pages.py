"""The page that compares two audits."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def answered(make: Maker, title: str, **counts: int) -> int:
    """An audit with this many returns for each answer to supervision, and one request outstanding."""
    audit = make.audit(cases=sum(counts.values()) + 1, agencies=1, title=title)
    options = [option for option, count in counts.items() for _ in range(count)]
    for audit_request, option in zip(make.requests(audit), options, strict=False):
        make.returned(audit_request, (GivenAnswer("supervision", option=option),))
    return audit.id


def test_shares_are_shown_side_by_side_with_both_denominators(client: PageClient, make: Maker) -> None:
    then = answered(make, "2014", yes=6, no=4)
    now = answered(make, "Again", yes=9, no=2, not_applicable=1)
    page = text_of(client.get(f"/audits/{now}/collation/compare?with={then}").text)
    supervision = page.partition("Case overseen")[2].partition("(asked again)")[0]
    assert (
        "Yes 9 of 12 (75%) 6 of 10 (60%) +15.0 Higher by 15 points; at these sizes anything from"
        in supervision
    )
    assert "lower to" in supervision
    assert "Not applicable 1 of 12 (8.3%) 0 of 10 (0%)" in supervision
    assert "This audit: Again, 12 returns with answers over 12 cases." in page
    assert "(asked again) Nobody has answered this in either audit." in page


def test_the_other_audit_is_chosen_from_those_that_ask_the_same(client: PageClient, make: Maker) -> None:
    mine = answered(make, "Mine", yes=1)
    page = text_of(client.get(f"/audits/{mine}/collation/compare").text)
    assert "No other issued audit asks any of these questions yet." in page
    answered(make, "Again", yes=1)
    make.audit(cases=1, agencies=1, issued=False, title="Planned")
    make.audit(cases=1, agencies=1, form="pre_school_2021", title="Quite another")
    page = client.get(f"/audits/{mine}/collation/compare").text
    assert "Again (14 questions the same)" in page
    assert "Planned" not in page
    assert "Quite another" not in page


def test_an_audit_without_a_question_in_common_is_refused_with_a_way_on(
    client: PageClient, make: Maker
) -> None:
    mine = answered(make, "Mine", yes=1)
    other = make.audit(cases=1, agencies=1, form="pre_school_2021").id
    for wrong in (other, 999, mine, 10**30, -1):
        page = client.get(f"/audits/{mine}/collation/compare?with={wrong}", status=404).text
        assert "share no question" in page
    client.get(f"/audits/{mine}/collation/compare?with=x")


def test_the_page_says_where_the_audits_ask_differently(
    client: PageClient, make: Maker, session: Session
) -> None:
    then, now = answered(make, "2014", yes=6), answered(make, "Again", yes=9)
    audit = session.get_one(Audit, now)
    definition = audit.form.model_dump(mode="json", by_alias=True)
    asked = {question["id"]: question for question in definition["questions"]}
    asked["supervision"]["answers"].pop()
    asked["supervision"]["ask"] = "Was the case ever discussed?"
    asked["tasks_and_dates"].update(kind="long_text", answers=[])
    asked["clear_on_impact"]["id"] = "clear"
    asked["file_contents"]["items"].append({"id": "photograph", "label": "A photograph"})
    make.returned(make.requests(audit)[-1], (GivenAnswer("file_contents", item="photograph", option="no"),))
    audit.form_definition = AuditForm.model_validate(definition).to_json()
    session.commit()
    page = text_of(client.get(f"/audits/{then}/collation/compare?with={now}").text)
    assert "Not applicable 0 of 6 (0%) Not an answer here – Not compared." in page
    assert "The other audit asks: Was the case ever discussed?" in page
    assert "The other audit asks this in another way: not compared." in page
    assert "A photograph Not an answer here 0 of 1 (0%) – Not compared." in page
    assert "Asked only in this audit: 1 question Clear how CPP" in page
    assert "Asked only in the other: 1 question" in page


def test_the_statements_of_a_comparison_are_bounded(
    client: PageClient, make: Maker, queries: Queries
) -> None:
    then, now = answered(make, "2014", yes=3, no=3), answered(make, "Again", yes=30, no=3)
    with queries(20):
        client.get(f"/audits/{now}/collation/compare?with={then}")


def test_filters_and_switches_apply_to_both_audits_and_are_in_the_address(
    client: PageClient, make: Maker, session: Session
) -> None:
    then, now = answered(make, "2014", yes=6, no=4), answered(make, "Again", yes=9, not_applicable=1)
    for audit_id in (then, now):
        for number, case in enumerate(session.get_one(Audit, audit_id).cases):
            case.gender = "girl" if number % 2 else ""
    session.commit()
    address = f"/audits/{now}/collation/compare?with={then}&genders=girl&na=0"
    page = text_of(client.get(address).text)
    assert "This audit: Again, 5 returns with answers over 5 cases." in page
    assert "The other: 2014, 5 returns over 5 cases." in page
    assert "In both, only: Girl." in page
    assert "So few returns can point at a child or a person." in page
    assert "Yes 4 of 4 (100%) 3 of 5 (60%)" in page
    assert "Not recorded" in page
    turned = client.get(address).text.partition("Turn round")[0].rpartition('href="')[2].partition('"')[0]
    assert "genders=girl" in turned
    assert "na=0" in turned
    nobody = text_of(client.get(f"/audits/{now}/collation/compare?with={then}&genders=boy").text)
    assert "In neither audit does a return match all of this." in nobody
    assert "%" not in nobody.partition("In neither audit")[2].partition("Sign out")[0]


def test_every_filter_except_the_case_applies_to_both_audits(
    client: PageClient, make: Maker, session: Session
) -> None:
    agencies = [make.agency("Force", kind="police"), make.agency("Clinic", kind="health")]
    audits = [make.audit(cases=3, agencies=agencies, returned=6, title=title) for title in ("2014", "Again")]
    for audit in audits:
        first, second, _third = audit.cases
        first.age_months, first.category, first.plan = 30, "neglect", "child protection"
        second.age_months, second.category = 140, "neglect"
    session.commit()
    then, now = (audit.id for audit in audits)
    address = f"/audits/{now}/collation/compare?with={then}"
    for chosen, words, returns in (
        ("kinds=police", "Police", 3),
        (f"agencies={agencies[1].id}", "Clinic", 3),
        ("ages=over_10", "Over 10 years", 2),
        ("genders=female", "Female", 6),
        ("categories=neglect", "Neglect", 4),
        ("categories=not_recorded", "Not recorded", 2),
        ("plans=child+protection&kinds=health", "Health; Child protection", 1),
        # A case belongs to one audit, so nothing in the other could match it.
        (f"cases={audits[1].cases[0].id}&kinds=gp&kinds=health", "GP practice or Health", 3),
    ):
        page = text_of(client.get(f"{address}&{chosen}").text)
        assert f"In both, only: {words}. Show all returns" in page
        for title, beginning in (("Again", "This audit"), ("2014", "The other")):
            summary = page.partition(f"{beginning}: {title}, ")[2]
            assert summary.startswith(f"{returns} return"), (chosen, title)
        assert f"Yes {returns} of {returns} (100%) {returns} of {returns} (100%)" in page


def test_the_audit_without_matching_returns_is_named_and_nothing_is_compared(
    client: PageClient, make: Maker, session: Session
) -> None:
    then, now = answered(make, "2014", yes=7), answered(make, "Again", yes=8)
    for case in session.get_one(Audit, then).cases:
        case.plan = "child in need"
    session.commit()
    here = text_of(client.get(f"/audits/{now}/collation/compare?with={then}&plans=child+in+need").text)
    assert "This audit: Again, 0 returns with answers over 0 cases. The other: 2014, 7 returns" in here
    assert "In this audit no return matches all of this. Choose less, or show all returns." in here
    there = text_of(client.get(f"/audits/{then}/collation/compare?with={now}&plans=child+in+need").text)
    assert "In the other audit no return matches all of this." in there
    for page in (here, there):
        assert "would be no surprise" not in page


def test_small_numbers_in_either_audit_get_a_warning(client: PageClient, make: Maker) -> None:
    few, many = answered(make, "Few", yes=5), answered(make, "Many", yes=6)
    also = answered(make, "Many too", yes=6)
    warning = "So few returns can point at a child or a person."
    for this, other, warned in ((few, many, True), (many, few, True), (many, also, False)):
        page = text_of(client.get(f"/audits/{this}/collation/compare?with={other}").text)
        assert (warning in page) is warned
