"""flask survey ...: the journey from the command line."""

from flask.cli import AppGroup

survey = AppGroup("survey", help="Run multi-agency case audits.")
