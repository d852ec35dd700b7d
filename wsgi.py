"""The standalone app, as servers look for it: app."""

from surveyapp.standalone.app import app_or_exit

app = app_or_exit()
