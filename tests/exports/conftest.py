"""An audit whose form has every kind of question."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from tests.exports.every_kind import FORM
from tests.row_maker import Maker

EveryKind = Callable[..., Audit]


@pytest.fixture
def every_kind(make: Maker, session: Session) -> EveryKind:
    """An audit with every kind of question: `every_kind(cases=2)`; police and a school are asked."""

    def _audit(*, cases: int = 1, title: str = "") -> Audit:
        agencies = [make.agency(), make.agency(kind="school")]
        audit = make.audit(cases=cases, agencies=agencies, title=title)
        audit.form_definition = FORM.to_json()
        session.commit()
        return audit

    return _audit
