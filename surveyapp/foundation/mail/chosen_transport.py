"""Who takes this app's mail: a mail server, a folder, or nobody."""

from pathlib import Path

from flask import current_app

from surveyapp.foundation.mail.folder_transport import FolderCarrier
from surveyapp.foundation.mail.smtp_transport import SmtpCarrier
from surveyapp.foundation.mail.transport import Carrier
from surveyapp.foundation.settings import settings


def is_switched_off() -> bool:
    """Whether the host has told Flask-Mail to send nothing (MAIL_SUPPRESS_SEND, or an app under test)."""
    return not settings().mail_folder and bool(current_app.extensions["mail"].suppress)


def chosen_carrier() -> Carrier:
    """What takes this app's mail: the folder where one is set, else the mail server."""
    return FolderCarrier(Path(settings().mail_folder)) if settings().mail_folder else SmtpCarrier()
