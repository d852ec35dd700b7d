"""Fixtures of the sample: an audit with the list of 2014."""

import pytest

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from surveyapp.sampling.operations import change_rules, store_population
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.sampling.exports import LISTED_ON, RULES_OF_2014, export_of_2014, population_of


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit without cases, whose list is that of 2014, with the rules and the size of 2014."""
    audit = make.audit(cases=0, agencies=1, issued=False)
    with transaction():
        store_population(
            audit,
            population_of(export_of_2014()),
            listed_on=LISTED_ON,
            keep={},
            actor="Ann Lee",
            now=MONDAY_MORNING,
        )
        change_rules(audit, RULES_OF_2014, size=15, seed=20140116, actor="Ann Lee", now=MONDAY_MORNING)
    return audit
