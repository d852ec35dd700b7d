"""Points a test's app at a mail server, instead of at the folder that every test starts with."""

from dataclasses import replace

from flask import Flask

# On no machine: a name that begins to resolve would break RFC 6761.
ELSEWHERE = "mail.partnership.invalid"
# What a partnership sets before it issues its first audit, by the names of the fields of Settings.
OWN_TEXT = {
    "public_base_url": "https://audits.northshire.gov.uk",
    "partnership": "Northshire Safeguarding Children Partnership",
    "contact_email": "audits@northshire.gov.uk",
    "contact_telephone": "01632 960001",
    "concern_route": "ring the front door on 01632 960002",
}


def use_mail_server(app: Flask, server: str = "127.0.0.1", **settings: str) -> None:
    """Send the app's mail to `server`, with these settings in place of its own."""
    state = app.extensions["survey"]
    changed = replace(state.settings, mail_folder="", **settings)
    app.extensions["survey"] = replace(state, settings=changed)
    app.extensions["mail"].server = server
