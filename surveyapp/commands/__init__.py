"""flask survey ...: the journey from the command line."""

from flask.cli import AppGroup

from surveyapp.commands import (
    asking,
    chasing,
    closing,
    collating,
    demonstrating,
    exporting,
    form_files,
    mail,
    setting_up,
    tables,
    telling,
)

survey = AppGroup("survey", help="Run multi-agency case audits.")

for _command in (
    tables.upgrade,
    demonstrating.demo,
    form_files.check_forms,
    setting_up.set_up,
    asking.issue,
    telling.status,
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
