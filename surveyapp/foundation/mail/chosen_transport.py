"""Chooses the mail transport of an app: mail server, folder or none."""

from pathlib import Path

from flask import current_app

from surveyapp.foundation.mail.folder_transport import FolderTransport
from surveyapp.foundation.mail.smtp_transport import SmtpTransport
from surveyapp.foundation.mail.transport import MailTransport
from surveyapp.foundation.settings import settings


def is_mail_switched_off() -> bool:
    """Whether Flask-Mail is set to send nothing: MAIL_SUPPRESS_SEND, or an app under test."""
    return not settings().mail_folder and bool(current_app.extensions["mail"].suppress)


def configured_transport() -> MailTransport:
    """The transport for this app's mail: the folder if one is set, otherwise the mail server."""
    return FolderTransport(Path(settings().mail_folder)) if settings().mail_folder else SmtpTransport()
