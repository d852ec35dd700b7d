"""flask survey ...: the journey from the command line."""

from flask.cli import AppGroup

from surveyapp.commands import (
    chasing,
    closing,
    collating,
    demo,
    exporting,
    form_files,
    issue,
    mail,
    setting_up,
    status,
    tables,
)

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
