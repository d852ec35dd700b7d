"""Saving a brief, keeping flags and releasing it, by its operations."""

from functools import partial
from typing import Any

import pytest

from surveyapp.brief.brief import BriefText
from surveyapp.brief.operations import (
    keep_brief_flags,
    propose_brief,
    release_brief,
    take_back_brief_answer,
)
from surveyapp.brief.queries import brief_overview, released_brief
from surveyapp.checks.flag_answers import FlagsUnanswered
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from tests.brief.test_queries import saved
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

MARY: dict[str, Any] = {"actor": "Mary Manager", "now": MONDAY_MORNING}
ANN: dict[str, Any] = {"actor": "Ann Lee", "roles": {"executive"}, "now": MONDAY_MORNING}


def test_a_brief_is_saved_kept_and_released_by_its_operations(make: Maker) -> None:
    audit = make.audit(cases=8, agencies=[make.agency(), make.agency()], returned=16)
    with pytest.raises(Refused, match="not been saved"):
        keep_brief_flags(audit.id, {}, **MARY)
    saved(audit, BriefText(worries=("Three children moved", "Two children stayed")))
    with pytest.raises(EditConflict, match="Someone else saved this brief"):
        saved(audit, BriefText(), seen=0)
    overview = brief_overview(audit.id, now=MONDAY_MORNING)
    for release in (propose_brief, partial(release_brief, roles={"executive"})):
        with pytest.raises(FlagsUnanswered, match="2 findings wait"):
            release(audit.id, seen=overview.content, **MARY)
    marks = [finding.mark for finding in overview.findings]
    with transaction():
        assert keep_brief_flags(audit.id, {marks[0]: " Known ", marks[1]: "", "other": "x"}, **MARY) == 1
        assert keep_brief_flags(audit.id, {marks[0]: "Known to all", marks[1]: "Long ago"}, **MARY) == 2
    with pytest.raises(EditConflict, match="The brief has changed"):
        propose_brief(audit.id, seen="", **MARY)
    with transaction():
        propose_brief(audit.id, seen=overview.content, **MARY)
    with pytest.raises(EditConflict, match="The brief has changed"):
        release_brief(audit.id, seen="", **ANN)
    with transaction():
        release_brief(audit.id, seen=overview.content, **ANN)
    assert released_brief(audit.id).foot == "Approved by Ann Lee on 30 November 2026"
    assert brief_overview(audit.id, now=MONDAY_MORNING).is_released
    with pytest.raises(Refused, match="released as it is"):
        propose_brief(audit.id, seen=overview.content, **MARY)
    with transaction():
        assert take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
        assert not take_back_brief_answer(audit.id, marks[0], actor="a", now=MONDAY_MORNING)
    assert brief_overview(audit.id, now=MONDAY_MORNING).waiting == 1
