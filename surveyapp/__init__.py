"""surveyapp: multi-agency case audits for safeguarding partnerships."""

from surveyapp.extension import SurveyApp
from surveyapp.foundation.store.schema import hide_survey_tables

__all__ = ["SurveyApp", "hide_survey_tables"]
