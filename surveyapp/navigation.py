"""The frame of staff pages: the navigation, the audit they belong to, and whether mail is in trouble."""

from flask import current_app, g, request, url_for

from surveyapp.foundation import clock
from surveyapp.foundation.mail.status import mail_banner
from surveyapp.journey.audit_navigation import audit_navigation

# Each part of the navigation: its words, its endpoint and the blueprints of its pages.
NAVIGATION = (
    (
        "Audits",
        "survey.tracking.list_audits",
        (
            "tracking",
            "planning",
            "sampling",
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
            "archive",
        ),
    ),
    ("Agencies", "survey.agencies.list_agencies", ("agencies", "handing_over")),
    ("Forms", "survey.defining.list_forms", ("defining",)),
    ("Mail", "survey.mail.show_mail", ("mail", "closed_days", "mail_folder")),
    ("Staff", "accounts.list_staff", ("accounts",)),
)
# Shown to people with this role only.
_FOR_ROLE = {"accounts.list_staff": "administrator"}


def note_mail_trouble() -> None:
    """Look up before the view runs whether mail is waiting, so that error pages need no database."""
    if request.method == "GET" and (request.blueprint or "") != "survey.mail":
        g.survey_mail_trouble = mail_banner(clock.now())


def navigation() -> dict[str, object]:
    """Template variables of staff pages: the navigation with its current part, and any trouble with mail."""
    current_blueprint = (request.blueprint or "").rpartition(".")[2]
    # Nobody acts on the page that says so.
    roles = g.survey_actor.roles if "survey_actor" in g else ()
    return {
        "mail_trouble": g.get("survey_mail_trouble", ""),
        # A function: only pages with this frame look the audit up, not downloads or error pages.
        "audit_navigation": audit_navigation,
        "mail_address": url_for("survey.mail.show_mail"),
        "navigation": [
            (text, url_for(endpoint), current_blueprint in blueprints)
            for text, endpoint, blueprints in NAVIGATION
            if endpoint in current_app.view_functions and _FOR_ROLE.get(endpoint) in {None, *roles}
        ],
    }
