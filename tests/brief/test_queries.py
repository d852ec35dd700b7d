"""The brief of an audit as it stands, and its public version."""

import pytest
from sqlalchemy.exc import NoResultFound

from surveyapp.brief.brief import BriefText, Resource
from surveyapp.brief.library.operations import add_to_library
from surveyapp.brief.operations import (
    save_brief_draft,
)
from surveyapp.brief.queries import brief_overview, released_brief
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


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
    [links] = [section for section in brief.sections if section.name == "links"]
    assert [resource.name for resource in links.links] == ["C", "A"]
    saved(audit, BriefText(), made[1], seen=1)
    overview = brief_overview(audit.id, now=MONDAY_MORNING)
    assert overview.shown == (made[1],)
    assert [resource.name for resource in overview.library] == ["A", "B", "C"]
