"""Likely personal details are pointed out beside the box and on the check page, and never block."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.answering.returns.privacy_hints import MOST_KEPT, detail_hints, keep_wordings
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.row_maker import Maker

NAMED = "Liam Jones was seen at school."


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=1)


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    return make.requests(audit)[0]


@pytest.fixture
def typist(person: Person, make: Maker, audit: Audit, first: AuditRequest) -> Person:
    person.starts(make.grants(audit)[0])
    person.opens(first)
    return person


def looks_of(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(look["field"], look["words"], look["like"]) for look in told["looks"]]


def test_each_kind_of_personal_detail_is_named_beside_its_box(typist: Person, first: AuditRequest) -> None:
    words = "Ring 07700 900123 or write to a@b.example about Liam Jones, born 3 March 2015, at AB10 1AB."
    found = {look[2] for look in looks_of(typist.types(first, supervision__comment=words))}
    assert found == {
        "a telephone number",
        "an email address",
        "a person’s name",
        "a date of birth",
        "a postcode",
    }


def test_a_wording_kept_is_no_longer_pointed_out_and_never_stored_unencrypted(
    typist: Person, first: AuditRequest, session: Session
) -> None:
    told: Any = typist.types(first, supervision__comment=NAMED)
    assert looks_of(told) == [("supervision-comment", "Liam Jones", "a person’s name")]
    mark = told["looks"][0]["mark"]
    again: Any = typist.types(
        first, supervision__comment="LIAM JONES", file_contents__comment=NAMED, keep__wording=mark
    )
    assert looks_of(again) == []
    stored = session.execute(text("SELECT kept_wordings FROM survey_return")).scalars().all()
    assert "liam" not in str(stored).lower()


def test_the_check_page_points_out_personal_details_and_accepts_the_answers(
    typist: Person, first: AuditRequest
) -> None:
    typist.presses(
        first, supervision="yes", supervision__comment=NAMED, strengths_or_concerns="no", next__step="check"
    )
    page = typist.opens(first, "check").text
    assert "Does this name somebody?" in page
    assert "Liam Jones</strong></span> looks like a person’s name." in page
    mark = page.partition('name="keep-wording" value="')[2].partition('"')[0]
    typist.presses(first, "keep-wording", keep__wording=mark)
    assert "Does this name somebody?" not in typist.opens(first, "check").text
    typist.presses(first, "check")
    assert kept_of(first).returned_at is not None


def test_answers_with_personal_details_can_be_returned_without_deciding(
    typist: Person, first: AuditRequest
) -> None:
    typist.presses(first, supervision__comment=NAMED, strengths_or_concerns="no", next__step="check")
    typist.opens(first, "check")
    typist.presses(first, "check")
    assert kept_of(first).returned_at is not None


def test_a_question_about_a_person_points_nothing_out(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, form="repeat_child_protection_plans_2014")
    definition = audit.form
    person = next((question for question in definition.questions if question.kind == "contact"), None)
    name = person.id if person else "nobody"
    given = (
        GivenAnswer(name, item="name", text="Liam Jones"),
        GivenAnswer("no_such_question", text="Liam Jones"),
    )
    assert detail_hints(definition, given, None) == ()
    session.rollback()


def test_malformed_digests_are_dropped_and_their_number_is_limited(make: Maker, audit: Audit) -> None:
    kept = make.draft(make.requests(audit)[0])
    keep_wordings(kept, ["", "x" * 32, "a" * 31, "Liam Jones"])
    assert kept.kept_wordings == []
    keep_wordings(kept, [f"{number:032x}" for number in range(MOST_KEPT + 20)])
    assert len(kept.kept_wordings) == MOST_KEPT


def test_keeping_a_wording_of_another_agencys_return_is_not_found(typist: Person, make: Maker) -> None:
    theirs = make.requests(make.audit(cases=1, agencies=1))[0]
    typist.presses(theirs, "keep-wording", status=404, keep__wording="0" * 32)
