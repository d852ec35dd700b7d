"""surveyapp: multi-agency case audits for safeguarding partnerships."""
