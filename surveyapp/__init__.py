"""Multi-agency case audits for safeguarding partnerships; hosts import these names and no others."""

from surveyapp.extension import SurveyApp
from surveyapp.foundation import signals
from surveyapp.foundation.store.engine_listeners import install_listeners
from surveyapp.foundation.store.schema import hide_survey_tables
from surveyapp.foundation.web.actor import Actor

__all__ = ["Actor", "SurveyApp", "hide_survey_tables", "install_listeners", "signals"]
