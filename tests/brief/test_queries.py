"""What a brief is filled from: actual returns, the cases behind them, one question's figures."""

from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound

from surveyapp.brief.brief import BriefText, Resource
from surveyapp.brief.library.operations import add_to_library
from surveyapp.brief.operations import (
    keep_brief_flags,
    release_brief,
    save_brief_draft,
    take_back_brief_answer,
)
from surveyapp.brief.queries import brief_overview, released_brief
from surveyapp.checks.flag_answers import FlagsUnanswered
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

ANN: dict[str, Any] = {"approver": "Ann Lee", "actor": "staff 1", "now": MONDAY_MORNING}


def saved(audit: Audit, written: BriefText, *resources: int, seen: int = 0) -> None:
    with transaction():
        save_brief_draft(audit.id, written, resources, seen=seen, actor="staff 1", now=MONDAY_MORNING)


def test_a_brief_is_found_by_its_audit_alone(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=2)
    assert brief_overview(audit.id, now=MONDAY_MORNING).brief.sections[0].name == "about"
    with pytest.raises(NoResultFound):
        brief_overview(999, now=MONDAY_MORNING)
    with pytest.raises(NotFound, match="has not been released"):
        released_brief(audit.id)


def test_resources_are_shown_in_the_order_of_the_choice(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=2)
    with transaction():
        made = [
            add_to_library(Resource(name, "what", "https://a.example"), actor="a", now=MONDAY_MORNING).id
            for name in ("A", "B", "C")
        ]
    saved(audit, BriefText(), made[2], made[0], made[2], 999)
    brief = brief_overview(audit.id, now=MONDAY_MORNING).brief
    [links] = [each for each in brief.sections if each.name == "links"]
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
    with pytest.raises(EditConflict, match="Someone else saved this brief"):
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
    with pytest.raises(EditConflict, match="The brief has changed"):
        release_brief(audit.id, seen="", **ANN)
    with transaction():
        release_brief(audit.id, seen=picture.content, **ANN)
    assert released_brief(audit.id).foot == "Approved by Ann Lee on 30 November 2026"
    assert brief_overview(audit.id, now=MONDAY_MORNING).is_released
    with transaction():
        assert take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
        assert not take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
    assert brief_overview(audit.id, now=MONDAY_MORNING).waiting == 1
