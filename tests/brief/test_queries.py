"""What a brief is filled from: actual returns, the cases behind them, one question's figures."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.brief.brief import BriefText, Resource
from surveyapp.brief.charts import chart_of, chartable_questions
from surveyapp.brief.operations import (
    BriefChanged,
    BriefChangedSinceReview,
    add_to_library,
    keep_brief_flags,
    release_brief,
    save_brief_draft,
    take_back_brief_answer,
)
from surveyapp.brief.queries import brief_of, brief_overview, released_brief
from surveyapp.checks.audit_facts import audit_facts
from surveyapp.checks.flag_answers import FlagsUnanswered
from surveyapp.collating.queries import collate
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

ANN: dict[str, Any] = {"approver": "Ann Lee", "actor": "staff 1", "now": MONDAY_MORNING}


def saved(audit: Audit, written: BriefText, *resources: int, seen: int = 0) -> None:
    with transaction():
        save_brief_draft(audit.id, written, resources, seen=seen, actor="staff 1", now=MONDAY_MORNING)


def test_nil_withdrawn_and_outstanding_requests_audit_nothing(make: Maker, session: Session) -> None:
    agencies = [
        make.agency(name, kind=kind) for name, kind in (("B", "health"), ("A", "police"), ("C", "school"))
    ]
    audit = make.audit(cases=4, agencies=agencies)
    b1, b2, b3, _b4, a1, _a2, _a3, _a4, c1, *_rest = make.requests(audit)
    for each in (b1, b2, a1):
        make.returned(each)
    nil = make.returned(b3)
    nil.nil_reason = "not_known"
    a1.withdrawn_at = MONDAY_MORNING
    make.draft(c1)
    session.commit()
    facts = audit_facts(audit)
    assert [(each.name, each.returns) for each in facts.organisations] == [("A", 0), ("B", 2), ("C", 0)]
    assert [each.name for each in facts.audited] == ["B"]
    assert (facts.cases, len(facts.children), facts.returns) == (4, 2, 2)
    assert [each.age_months for each in facts.children] == [12, 24]
    assert facts.month == date(2027, 1, 15)
    assert session.get(Return, nil.id) is not None


def test_a_chart_is_of_one_question_out_of_those_that_answered(make: Maker) -> None:
    audit = make.audit(cases=5, agencies=1)
    for number, each in enumerate(make.requests(audit)):
        option = ("yes", "yes", "no", "not_applicable")[number] if number < 4 else "yes"
        ticked = "yes" if number < 3 else "no"
        basic = GivenAnswer("file_contents", item="basic_information", option=ticked)
        make.returned(each, (GivenAnswer("supervision", option=option), basic))
    collation = collate(audit, now=MONDAY_MORNING)
    chart = chart_of(collation, "supervision")
    assert chart is not None
    assert [each.quoted for each in chart.bars] == ["3 of 5 (60%)", "1 of 5 (20%)", "1 of 5 (20%)"]
    ticks = chart_of(collation, "file_contents")
    assert ticks is not None
    assert ticks.bars[0].quoted == "3 of 5 (60%)"
    assert len(ticks.bars) == 1, "A line that nobody answered has no bar."
    assert chart_of(collation, "see_child_alone") is None
    assert chart_of(collation, "of another form") is None
    assert {"supervision", "file_contents"} <= {each.id for each in chartable_questions(audit)}


def test_a_brief_is_found_by_its_audit_alone(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=2)
    assert brief_of(audit.id, now=MONDAY_MORNING).sections[0].name == "about"
    with pytest.raises(NoResultFound):
        brief_of(999, now=MONDAY_MORNING)
    with pytest.raises(NotFound, match="has not been released"):
        released_brief(audit.id)


def test_resources_stand_in_the_order_in_which_they_were_given(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=2)
    with transaction():
        made = [
            add_to_library(Resource(name, "what", "https://a.example"), actor="a", now=MONDAY_MORNING).id
            for name in ("A", "B", "C")
        ]
    saved(audit, BriefText(), made[2], made[0], made[2], 999)
    [links] = [each for each in brief_of(audit.id, now=MONDAY_MORNING).sections if each.name == "links"]
    assert [each.name for each in links.links] == ["C", "A"]
    saved(audit, BriefText(), made[1], seen=1)
    picture = brief_overview(audit.id, now=MONDAY_MORNING)
    assert picture.shown == (made[1],)
    assert [each.name for each in picture.library] == ["A", "B", "C"]


def test_a_brief_is_saved_kept_and_released_by_its_operations(make: Maker) -> None:
    audit = make.audit(cases=8, agencies=[make.agency(), make.agency()], returned=16)
    with pytest.raises(Refused, match="not been saved"):
        keep_brief_flags(audit.id, {}, **ANN)
    saved(audit, BriefText(worries=("Three children moved", "Two children stayed")))
    with pytest.raises(BriefChanged):
        saved(audit, BriefText(), seen=0)
    picture = brief_overview(audit.id, now=MONDAY_MORNING)
    with pytest.raises(FlagsUnanswered, match="2 findings wait"):
        release_brief(audit.id, seen=picture.content, **ANN)
    marks = [each.mark for each in picture.findings]
    with pytest.raises(Refused, match="Nobody is named"):
        keep_brief_flags(audit.id, {marks[0]: "Known"}, approver=" ", actor="a", now=MONDAY_MORNING)
    with transaction():
        assert keep_brief_flags(audit.id, {marks[0]: " Known ", marks[1]: "", "other": "x"}, **ANN) == 1
        assert keep_brief_flags(audit.id, {marks[0]: "Known to all", marks[1]: "Long ago"}, **ANN) == 2
    with pytest.raises(BriefChangedSinceReview):
        release_brief(audit.id, seen="", **ANN)
    with transaction():
        release_brief(audit.id, seen=picture.content, **ANN)
    assert released_brief(audit.id).foot == "Approved by Ann Lee on 30 November 2026"
    assert brief_overview(audit.id, now=MONDAY_MORNING).is_released
    with transaction():
        assert take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
        assert not take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
    assert brief_overview(audit.id, now=MONDAY_MORNING).waiting == 1
