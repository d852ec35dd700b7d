"""The standalone app, as servers look for it: app."""

from surveyapp.standalone.app import create_app

app = create_app()
