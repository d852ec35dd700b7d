"""The pages that only the standalone app has, and its sign-in."""

from flask import Flask

from surveyapp.standalone import mail_folder, views
from surveyapp.standalone.accounts import pages as accounts
from surveyapp.standalone.example import pages as example
from surveyapp.standalone.links import pages as links
from surveyapp.standalone.oidc import pages as oidc
from surveyapp.standalone.oidc.provider import set_up_provider
from surveyapp.standalone.own_account import pages as own_account
from surveyapp.standalone.passkeys import pages as passkeys
from surveyapp.standalone.second_factor import pages as second_factor
from surveyapp.standalone.sign_in import set_up_sign_in
from surveyapp.standalone.sign_in_limits import set_up_sign_in_limits


def register_pages(app: Flask) -> None:
    """Register the pages in an app, and set up sign-in for them."""
    set_up_sign_in(app)
    set_up_sign_in_limits(app)
    set_up_provider(app)
    app.register_blueprint(passkeys.own_bp)
    for pages in (views, second_factor, passkeys, oidc, links, own_account, accounts, example, mail_folder):
        app.register_blueprint(pages.bp)
