"""What those who answered are shown, once it is released and no sooner; another agency's never."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

import pypdf
import pytest
from flask import Flask

from surveyapp.defining.kinds import Given
from surveyapp.foundation.db import session, transaction
from surveyapp.planning.models import Audit
from surveyapp.reporting.brief import Written
from surveyapp.reporting.brief_models import BriefRelease
from surveyapp.reporting.brief_operations import keep_findings, release_brief, save_brief
from surveyapp.reporting.brief_queries import brief_picture
from tests.answering.conftest import Person
from tests.concluding.concluded import acted
from tests.conftest import MONDAY_MORNING
from tests.making import Maker

PAGE = "what-came-of-it"


class Acting(TypedDict):
    """Who acts, and when."""

    actor: str
    now: datetime


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Eight children; the police know all of them, the health service as many, the school three."""
    agencies = [
        make.agency("Northside Police"),
        make.agency("Northside Health", kind="health"),
        make.agency("Hill School", kind="education"),
    ]
    audit = make.audit(cases=8, agencies=agencies)
    for each in make.requests(audit):
        if each.agency.name != "Hill School" or each.case.position <= 3:
            answer = "no" if each.agency.name == "Northside Police" and each.case.position <= 2 else "yes"
            make.returned(each, (Given("supervision", option=answer),))
    return audit


@pytest.fixture
def person(app: Flask) -> Person:
    return Person(app)


def released(audit: Audit) -> BriefRelease:
    """The brief of an audit, approved with a reason for each finding of the checks."""
    acting = Acting(actor="manager", now=MONDAY_MORNING)
    with transaction():
        save_brief(audit.id, Written(worries=("Visits were missed",)), (), seen=0, **acting)
    with transaction():
        picture = brief_picture(audit.id, now=MONDAY_MORNING)
        marks = [each.mark for each in picture.findings]
        keep_findings(audit.id, dict.fromkeys(marks, "Known to all."), approver="Ann", **acting)
    with transaction():
        return release_brief(audit.id, approver="Ann Lee", seen=picture.content, **acting)


def test_before_the_release_nothing_is_shown(person: Person, make: Maker, audit: Audit) -> None:
    acted(audit, "Ask at every visit.", agency_id=make.requests(audit)[0].agency_id)
    first = make.requests(audit)[0]
    person.starts(first.grant)
    page = person.opens(first, PAGE).text
    assert "Nothing has been released yet." in page
    assert "Ask at every visit." not in page
    person.browser.get(f"/returns/{first.public_id}/brief.pdf", status=404)


def test_an_agency_reads_the_brief_its_figures_and_its_actions(
    person: Person, make: Maker, audit: Audit
) -> None:
    released(audit)
    police = next(each for each in make.requests(audit) if each.agency.name == "Northside Police")
    acted(audit, "Ask at every visit.", agency_id=police.agency_id)
    acted(audit, "The board asks.")
    person.starts(police.grant)
    page = person.opens(police, PAGE).text
    assert "Visits were missed" in page
    assert "Ask at every visit." in page
    assert "The board asks." not in page
    assert "6 of 8 returns (75%)" in page
    assert "17 of 19 returns (89.5%)" in page
    content = person.browser.get(f"/returns/{police.public_id}/brief.pdf").data
    assert "Visits were missed" in " ".join(
        pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
    )


def test_few_returns_of_ones_own_are_not_shown(person: Person, make: Maker, audit: Audit) -> None:
    released(audit)
    school = next(each for each in make.requests(audit) if each.agency.name == "Hill School")
    person.starts(school.grant)
    page = person.opens(school, PAGE).text
    assert "they could point at a child or a person" in page
    assert "3 of 3 returns" not in page


def test_the_partnership_says_what_few_is(app: Flask, person: Person, make: Maker, audit: Audit) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, small_number=3))
    released(audit)
    school = next(each for each in make.requests(audit) if each.agency.name == "Hill School")
    person.starts(school.grant)
    page = person.opens(school, PAGE).text
    assert "3 of 3 returns" in page
    assert "they could point at a child or a person" not in page


def test_what_is_left_of_all_without_ones_own_is_not_few_either(person: Person, make: Maker) -> None:
    agencies = [make.agency("Northside Police"), make.agency("Hill School", kind="education")]
    audit = make.audit(cases=8, agencies=agencies)
    for each in make.requests(audit):
        if each.agency.name == "Northside Police" or each.case.position <= 2:
            make.returned(each, (Given("supervision", option="yes"),))
    released(audit)
    police = next(each for each in make.requests(audit) if each.agency.name == "Northside Police")
    person.starts(police.grant)
    assert "they could point at a child or a person" in person.opens(police, PAGE).text


def test_nobody_without_the_link_finds_it(person: Person, make: Maker, audit: Audit) -> None:
    released(audit)
    first = make.requests(audit)[0]
    other = make.requests(make.audit(cases=1, agencies=1))[0]
    person.browser.get(f"/returns/{first.public_id}/{PAGE}", status=404)
    person.starts(other.grant)
    for page in (PAGE, "brief.pdf"):
        person.browser.get(f"/returns/{first.public_id}/{page}", status=404)


def test_the_list_leads_there_once_returns_have_closed(person: Person, make: Maker, audit: Audit) -> None:
    first = make.requests(audit)[0]
    person.starts(first.grant)
    assert PAGE not in person.reads("/returns/").text
    audit.closed_at = MONDAY_MORNING - timedelta(minutes=1)
    session.commit()
    assert f"{PAGE}" in person.reads("/returns/").text
