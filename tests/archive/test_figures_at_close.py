"""The figures of each close of returns in an archive."""

import pytest

from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import transaction
from tests.archive.test_archive import archived
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import json_of
from tests.row_maker import Maker

pytestmark = pytest.mark.slow


def test_the_figures_of_each_close_are_in_the_archive(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    files = archived(audit)
    (kept,) = json_of(b'{"kept": ' + files["figures-at-close.json"] + b"}")["kept"]
    assert kept["closed_at"] == "2026-11-30T09:00:00+00:00"
    assert kept["figures"]["returned"] == 1
    assert b"There is no figures" not in files["README.txt"]
