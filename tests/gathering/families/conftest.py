"""Fixtures of the tests of families."""

from dataclasses import replace

import pytest
from flask import Flask

from surveyapp.extension import SurveyState


@pytest.fixture
def numbers_kept(app: Flask) -> None:
    """Switch on SURVEY_KEEP_TELEPHONE_NUMBERS."""
    state: SurveyState = app.extensions["survey"]
    allowed = replace(state.settings, keep_telephone_numbers=True)
    app.extensions["survey"] = replace(state, settings=allowed)
