"""Chooses the mail transport of an app: mail server, folder or none; says what keeps mail from leaving."""

from pathlib import Path

from flask import current_app

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.loopback import is_loopback
from surveyapp.foundation.mail.example_text import SETTINGS_IN_WORDS, example_settings
from surveyapp.foundation.mail.folder_transport import FolderTransport
from surveyapp.foundation.mail.smtp_transport import SmtpTransport
from surveyapp.foundation.mail.transport import MailTransport
from surveyapp.foundation.settings import settings
from surveyapp.foundation.unencrypted_hosts import check_encrypted
from surveyapp.foundation.words.dates_and_lists import list_in_words


class ExampleTextLeft(Refused):
    """Emails would reach people with the example text of the settings."""

    way_on = "Whoever runs surveyapp sets them and starts it again."

    @property
    def for_whoever_runs_it(self) -> str:
        """The settings by their names, for commands and logs."""
        return settings_to_set()


def is_mail_switched_off() -> bool:
    """Whether Flask-Mail is set to send nothing: MAIL_SUPPRESS_SEND, or an app under test."""
    return not settings().mail_folder and bool(current_app.extensions["mail"].suppress)


def stays_on_this_machine() -> bool:
    """Whether mail goes no further than this machine: into the folder, or to a server on loopback."""
    return bool(settings().mail_folder) or is_loopback(str(current_app.extensions["mail"].server or ""))


def check_mail_is_encrypted() -> None:
    """Raise CannotStart if mail would go to another machine without TLS (stories SA3)."""
    mail = current_app.extensions["mail"]
    if not (stays_on_this_machine() or is_mail_switched_off() or mail.use_tls or mail.use_ssl):
        advice = "set MAIL_USE_TLS (port 587) or MAIL_USE_SSL (port 465)"
        check_encrypted("MAIL_SERVER", str(mail.server or ""), advice, current_app.config)


def settings_that_hold_mail() -> tuple[str, ...]:
    """The names of settings with example text, while email would leave this machine; otherwise empty.

    Email with such text would send a contact to an address that answers nobody, and somebody who fears for a
    child to a telephone number of nobody’s.
    """
    return () if stays_on_this_machine() or is_mail_switched_off() else example_settings(settings())


def held_by_example_text() -> str:
    """The sentence that says which settings with example text hold all mail; empty when none does.

    In words and not by name: managers read it on their pages, and can change none of them.
    """
    names = settings_that_hold_mail()
    if not names:
        return ""
    words = list_in_words([SETTINGS_IN_WORDS[name] for name in names])
    return f"No email leaves this machine while the settings hold example text for {words}."


def settings_to_set() -> str:
    """The names of the settings that hold all mail, for whoever sets them; empty when none does."""
    names = settings_that_hold_mail()
    if not names:
        return ""
    return (
        f"Set {list_in_words(names)}. To try things out, set SURVEY_MAIL_FOLDER: email goes into that folder."
    )


def check_text_is_own() -> None:
    """Raise ExampleTextLeft while settings with example text hold all mail."""
    sentence = held_by_example_text()
    if sentence:
        raise ExampleTextLeft(sentence)


def configured_transport() -> MailTransport | None:
    """The transport for this app's mail: the folder if one is set, otherwise the mail server.

    None while no mail may leave: it is switched off, or settings still hold example text.
    """
    if is_mail_switched_off() or settings_that_hold_mail():
        return None
    return FolderTransport(Path(settings().mail_folder)) if settings().mail_folder else SmtpTransport()
