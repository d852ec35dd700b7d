"""flask survey ...: the journey from the command line."""

from flask.cli import AppGroup

from surveyapp.commands import asking, demonstrating, form_files, mail, tables, telling

survey = AppGroup("survey", help="Run multi-agency case audits.")

for _command in (
    tables.upgrade,
    demonstrating.demo,
    form_files.check_forms,
    asking.issue,
    telling.status,
    mail.work,
    mail.mail,
):
    survey.add_command(_command)
