import pytest
from flask import Blueprint, Flask, render_template_string, request
from wtforms import SelectMultipleField, TextAreaField

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.web import base as pages
from surveyapp.foundation.web.base import LineField, SurveyForm


@pytest.fixture
def host() -> Flask:
    """A foreign app with one page of ours in it, and one of its own."""
    app = Flask("host")
    app.config.update(SECRET_KEY="a key for this test alone", MAX_CONTENT_LENGTH=4_000_000)  # noqa: S106 — of no use elsewhere
    app.jinja_env.filters["day"] = lambda _: "the host’s own"
    app.extensions["survey"] = type("State", (), {"settings": settings})
    ours = Blueprint("ours", __name__)
    pages.prepare_blueprint(ours)

    @ours.route("/ours", methods=["GET", "POST"])
    def page() -> str:
        return request.form.get("words", "") or render_template_string("{{ 1 }}")

    @ours.get("/refused")
    def refused() -> str:
        raise Refused("Returns closed on Friday.", way_on="You can still read your copy.")

    app.register_blueprint(ours)
    app.add_url_rule("/theirs", view_func=lambda: "theirs")
    return app


def test_a_post_without_a_token_changes_nothing(stranger_app: Flask) -> None:
    response = stranger_app.test_client().post("/audits/new", data={"title": "x"})
    assert response.status_code == 400
    assert "had been open too long" in response.get_data(as_text=True)


@pytest.fixture
def stranger_app(app: Flask) -> Flask:
    return app


def test_json_to_a_form_address_is_refused_as_what_it_is(app: Flask) -> None:
    response = app.test_client().post("/start/", json={"token": "x"})
    assert response.status_code == 415


@pytest.mark.parametrize("odd", [b"%ED%A0%80", b"%FF", b"\xff", b"%80"])
def test_bytes_that_are_no_text_are_left_out_and_not_kept_as_percent_signs(host: Flask, odd: bytes) -> None:
    host.config["WTF_CSRF_ENABLED"] = False
    with host.test_request_context(
        "/ours",
        method="POST",
        data=b"words=Seen+%C3%A9" + odd + b"+by&words%80=" + odd,
        content_type="application/x-www-form-urlencoded",
    ):
        pages.refuse_unexpected_bodies()
        assert request.form.getlist("words") == ["Seen é by", ""]
        assert not request.files


def test_ten_thousand_fields_are_refused_before_they_are_parsed(app: Flask) -> None:
    body = "&".join(f"a{number}=1" for number in range(10_000))
    response = app.test_client().post("/start/", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_our_headers_stand_on_our_pages_and_not_on_the_hosts(host: Flask) -> None:
    theirs = host.test_client().get("/theirs")
    assert "Content-Security-Policy" not in theirs.headers
    ours = host.test_client().get("/ours")
    assert {name: ours.headers.get(name) for name in pages.HEADERS} == pages.HEADERS


def test_the_hosts_own_filters_stay_the_hosts(host: Flask) -> None:
    with host.app_context():
        assert render_template_string("{{ 1 | day }}") == "the host’s own"


class Typed(SurveyForm):
    """A form with one of each thing that takes text."""

    name = LineField("Name")
    words = TextAreaField("Words")
    chosen = SelectMultipleField("Chosen", choices=["a", "b"])  # type: ignore[list-item]  # its stubs lag


def test_every_text_is_cleaned_on_its_way_in(host: Flask) -> None:
    sent = {"name": " Child \x00\r\n 3", "words": "a\r\nb\u202e", "chosen": ["a", "b"]}
    with host.test_request_context("/ours", method="POST", data=sent):
        form = Typed()
    assert (form.name.data, form.words.data, form.chosen.data) == ("Child 3", "a\nb", ["a", "b"])
