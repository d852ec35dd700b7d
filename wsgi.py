"""WSGI entry point of the standalone app: `app`."""

from surveyapp.standalone.app import app_or_exit

app = app_or_exit()
