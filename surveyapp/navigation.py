"""The frame of staff pages: who is signed in, the navigation, the audit, and whether mail is in trouble."""

from dataclasses import dataclass
from functools import partial

from flask import current_app, g, request, url_for

from surveyapp.foundation import clock
from surveyapp.foundation.mail.status import MailTrouble, mail_trouble
from surveyapp.foundation.web.actor import Actor, roles_in_words
from surveyapp.journey.audit_navigation import audit_navigation
from surveyapp.permissions import may_open

# Each part of the navigation: its words, its endpoint and the blueprints of its pages.
NAVIGATION = (
    (
        "Audits",
        "survey.tracking.list_audits",
        (
            "tracking",
            "planning",
            "sampling",
            "involvement",
            "issuing",
            "calling",
            "chasing",
            "keying",
            "closing",
            "collating",
            "gathering",
            "concluding",
            "exports",
            "report",
            "brief",
            "meeting",
            "diary",
            "archive",
            "retention",
            "example",
        ),
    ),
    ("Agencies", "survey.agencies.list_agencies", ("agencies", "handing_over")),
    ("Forms", "survey.defining.list_forms", ("defining",)),
    ("Mail", "survey.mail.show_mail", ("mail", "closed_days", "mail_folder")),
    ("Log", "survey.log.show_log", ("log",)),
    ("Data protection", "survey.governance.list_papers", ("governance", "subject_access")),
    ("Staff", "accounts.list_staff", ("accounts",)),
)


@dataclass(frozen=True)
class SignedIn:
    """The member of staff who reads the page, as they are named at its top."""

    name: str
    # Their roles in words; empty if the host gives none.
    roles: str


def navigation() -> dict[str, object]:
    """Template variables of staff pages: who is signed in, the navigation, the audit, and trouble with mail.

    The audit and the trouble are functions: only pages with this frame ask the database, not downloads or
    error pages.
    """
    actor: Actor | None = g.get("survey_actor")
    return {
        "signed_in": _signed_in(actor) if actor else None,
        "navigation": _parts() if actor else [],
        "audit_navigation": partial(audit_navigation, may_open),
        "may_open": may_open,
        "mail_trouble": _mail_trouble,
        "mail_address": url_for("survey.mail.show_mail"),
        "resume_address": url_for("survey.mail.resume_mail"),
    }


def _signed_in(actor: Actor) -> SignedIn:
    return SignedIn(
        actor.name,
        roles_in_words(actor.roles).lower(),
    )


def _parts() -> list[tuple[str, str, bool]]:
    """The parts that the reader may open: their words, their addresses and whether the page is in them."""
    current_blueprint = (request.blueprint or "").rpartition(".")[2]
    return [
        (text, url_for(endpoint), current_blueprint in blueprints)
        for text, endpoint, blueprints in NAVIGATION
        if endpoint in current_app.view_functions and may_open(endpoint)
    ]


def _mail_trouble() -> MailTrouble | None:
    """Why mail does not leave, for those who can do something; the page about mail says it itself."""
    if request.blueprint == "survey.mail" or not may_open("survey.mail.show_mail"):
        return None
    return mail_trouble(clock.now())
