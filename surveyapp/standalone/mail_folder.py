"""The pages of the mail folder: without a mail server, staff read emails here and follow their links."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.web.access import guard_staff
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.navigation import navigation
from surveyapp.permissions import guard_roles

bp = Blueprint("mail_folder", __name__)
bp.before_request(guard_staff)
bp.before_request(guard_roles)
bp.context_processor(navigation)
prepare_blueprint(bp)

MOST_SHOWN = 200
# The others open below them.
LISTED_AT_ONCE = 25
_LINK = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True)
class Letter:
    """One message in the mail folder."""

    number: int
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line."""
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        """The recipient."""
        return str(self.message["To"])

    @property
    def sent(self) -> str:
        """The date header, in UK time; empty if there is none."""
        date = self.message["Date"]
        return moment_in_words(date.datetime) if date is not None and date.datetime else ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header, in order."""
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """The lines of the text part, each as pieces with whether the piece is a link."""
        part = self.message.get_body(("plain",))
        text = part.get_content() if part is not None else ""
        return [
            [(piece, bool(_LINK.fullmatch(piece))) for piece in _LINK.split(line)]
            for line in text.splitlines()
        ]


@bp.get("/mail/folder")
def list_letters() -> ResponseReturnValue:
    """List the messages in the folder, newest first."""
    numbers = sorted(_message_numbers(), reverse=True)
    letters = [_read_letter(number) for number in numbers[:MOST_SHOWN]]
    return render_template(
        "survey/standalone/mail_folder.html", letters=letters, at_once=LISTED_AT_ONCE, total=len(numbers)
    )


@bp.get("/mail/folder/<int:number>")
def show_letter(number: int) -> ResponseReturnValue:
    """Show one message as its reader would see it."""
    return render_template("survey/standalone/letter.html", letter=_read_letter(number))


def _message_numbers() -> list[int]:
    folder = Path(settings().mail_folder)
    if not settings().mail_folder or not folder.is_dir():
        return []
    return [int(file.stem) for file in folder.glob("*.eml") if file.stem.isdecimal()]


def _read_letter(number: int) -> Letter:
    path = Path(settings().mail_folder) / f"{number}.eml"
    if not settings().mail_folder or not path.is_file():
        raise NotFound
    return Letter(number, message_from_bytes(path.read_bytes(), policy=policy.default))
