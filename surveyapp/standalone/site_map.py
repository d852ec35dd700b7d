"""The pages that only the standalone app has, and its sign-in."""

from flask import Flask

from surveyapp.standalone import mail_folder, views
from surveyapp.standalone.sign_in import set_up_sign_in
from surveyapp.standalone.sign_in_limits import set_up_sign_in_limits


def register_pages(app: Flask) -> None:
    """Register the pages in an app, and set up sign-in for them."""
    set_up_sign_in(app)
    set_up_sign_in_limits(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(mail_folder.bp)
