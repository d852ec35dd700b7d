"""The privacy notice and the accessibility statement: open to everybody, and filled from settings."""

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation.settings import Settings, settings
from surveyapp.foundation.words.shares import counted

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
        periods=periods_in_words(current),
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


def periods_in_words(current: Settings) -> list[str]:
    """How long data about contacts and children are kept, in sentences, by the periods of the settings.

    They say what `surveyapp/retention/` does, whose own page has the whole schedule.
    """
    returns, backups = current.keep_returns_months, current.keep_backups_days
    without_report, drafts = current.keep_returns_without_report_months, current.keep_drafts_months
    log = counted(current.keep_log_years, "year")
    answers = (
        f"Answers, comments, links, the emails about an audit and everything else about its children: "
        f"{counted(returns, 'month')} after the report was received. While there is no report, "
        f"{counted(without_report, 'month')} after returns closed."
    )
    names = (
        "Names and addresses in the list of agencies: until the partnership deletes them. Those of a "
        "colleague to whom a case was passed go with the last audit in which they had one."
    )
    return [
        answers,
        f"Drafts that were never returned: {counted(drafts, 'month')} after returns closed.",
        f"Figures, the report, the brief and the action plan: {counted(current.keep_figures_years, 'year')}.",
        names,
        f"Backups: they may hold what was removed for {counted(backups, 'day')} more.",
        f"Who did what and when, without answers or anything about a child: {log}.",
    ]


def split_at_addresses(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is an email address; none for an empty text."""
    pieces = enumerate(_ADDRESS.split(text.strip()))
    return [(piece, number % 2 == 1) for number, piece in pieces if piece]
