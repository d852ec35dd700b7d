"""The privacy notice and the accessibility statement: open to everybody, and filled from settings."""

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation.settings import Settings, settings

bp = Blueprint("notices", __name__)

# Safeguarding partners exist in England only: elsewhere a setting gives the basis, or the page says to ask.
ENGLISH_BASIS = (
    "A task in the public interest (article 6(1)(e) of the UK GDPR). Safeguarding partners and other "
    "agencies look together at how well children are safeguarded, under sections 16E to 16K of the Children "
    "Act 2004 and the guidance Working Together to Safeguard Children."
)
_ADDRESS = re.compile(r"([^\s<>()@,;:]{1,64}@[\w.-]{1,253}\w)")


@bp.get("/privacy")
def show_privacy() -> ResponseReturnValue:
    """The privacy notice: what is kept about contacts and staff, why, for how long, and their rights."""
    current = settings()
    return render_template(
        "survey/notices/privacy.html",
        controller=split_at_addresses(current.privacy_controller),
        officer=split_at_addresses(current.privacy_contact),
        basis=split_at_addresses(lawful_basis(current)),
        retention=split_at_addresses(current.retention),
        questions=split_at_addresses(current.contact_line),
    )


@bp.get("/accessibility")
def show_accessibility() -> ResponseReturnValue:
    """The accessibility statement: known barriers, how the pages were tested, and whom to tell."""
    current = settings()
    return render_template(
        "survey/notices/accessibility.html",
        told=split_at_addresses(current.accessibility_contact or current.contact_line),
        reviewed_on=current.accessibility_statement_date,
    )


def lawful_basis(current: Settings) -> str:
    """The lawful basis from the settings; by default England's, and empty in other nations."""
    return current.privacy_basis or (ENGLISH_BASIS if current.nation == "ENG" else "")


def split_at_addresses(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is an email address; none for an empty text."""
    pieces = enumerate(_ADDRESS.split(text.strip()))
    return [(piece, number % 2 == 1) for number, piece in pieces if piece]
