"""The commands of `flask survey ...`, which run an audit from a terminal."""

from flask.cli import AppGroup

from surveyapp.commands import (
    chasers,
    check_forms,
    close_reopen_extend,
    collate,
    demo,
    export,
    issue,
    mail,
    set_up,
    status,
    upgrade,
)

survey = AppGroup("survey", help="Run multi-agency case audits.")

for _command in (
    upgrade.upgrade,
    demo.demo,
    check_forms.check_forms,
    set_up.set_up,
    issue.issue,
    status.status,
    collate.collate,
    chasers.chasers,
    mail.work,
    close_reopen_extend.close,
    close_reopen_extend.reopen,
    close_reopen_extend.extend,
    export.export,
    mail.mail,
):
    survey.add_command(_command)
