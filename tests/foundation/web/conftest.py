"""A host app with a page of ours."""

import pytest
from flask import Blueprint, Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.web.base import prepare_blueprint


@pytest.fixture
def host() -> Flask:
    """A host app with one page of ours and one of its own."""
    app = Flask("host")
    app.config.update(SECRET_KEY="a key for this test alone", MAX_CONTENT_LENGTH=4_000_000)  # noqa: S106 — of no use elsewhere
    app.jinja_env.filters["day"] = lambda _: "the host’s own"
    app.extensions["survey"] = type("State", (), {"settings": settings})
    ours = Blueprint("ours", __name__)
    prepare_blueprint(ours)

    @ours.route("/ours", methods=["GET", "POST"])
    def page() -> str:
        return request.form.get("words", "") or render_template_string("{{ 1 }}")

    @ours.get("/refused")
    def refused() -> str:
        raise Refused("Returns closed on Friday.", way_on="You can still read your copy.")

    @ours.get("/moved")
    def moved() -> ResponseReturnValue:
        return redirect("/next", 303)

    app.register_blueprint(ours)
    app.add_url_rule("/theirs", view_func=lambda: "theirs")
    return app
