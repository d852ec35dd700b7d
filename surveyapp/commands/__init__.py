"""flask survey ...: the journey from the command line."""

from flask.cli import AppGroup

from surveyapp.commands import chasers as chasing
from surveyapp.commands import check_forms as form_files
from surveyapp.commands import close_reopen_extend as closing
from surveyapp.commands import collate as collating
from surveyapp.commands import demo, issue, mail, status
from surveyapp.commands import export as exporting
from surveyapp.commands import set_up as setting_up
from surveyapp.commands import upgrade as tables

survey = AppGroup("survey", help="Run multi-agency case audits.")

for _command in (
    tables.upgrade,
    demo.demo,
    form_files.check_forms,
    setting_up.set_up,
    issue.issue,
    status.status,
    collating.collate,
    chasing.chasers,
    mail.work,
    closing.close,
    closing.reopen,
    closing.extend,
    exporting.export,
    mail.mail,
):
    survey.add_command(_command)
