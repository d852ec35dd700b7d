from flask import Flask, render_template_string
from wtforms import SelectMultipleField, TextAreaField

from surveyapp.foundation.web.base import HEADERS, LineField, SurveyForm


def test_our_headers_are_on_our_pages_and_not_on_the_hosts(host: Flask) -> None:
    theirs = host.test_client().get("/theirs")
    assert "Content-Security-Policy" not in theirs.headers
    ours = host.test_client().get("/ours")
    assert {name: ours.headers.get(name) for name in HEADERS} == HEADERS


def test_a_filter_of_the_host_keeps_its_meaning(host: Flask) -> None:
    with host.app_context():
        assert render_template_string("{{ 1 | day }}") == "the host’s own"


class FormOfTexts(SurveyForm):
    """A form with each kind of field that takes text."""

    name = LineField("Name")
    words = TextAreaField("Words")
    chosen = SelectMultipleField("Chosen", choices=["a", "b"])  # type: ignore[list-item]  # its stubs lag


def test_a_form_cleans_its_texts(host: Flask) -> None:
    sent = {"name": " Child \x00\r\n 3", "words": "a\r\nb\u202e", "chosen": ["a", "b"]}
    with host.test_request_context("/ours", method="POST", data=sent):
        form = FormOfTexts()
    assert (form.name.data, form.words.data, form.chosen.data) == ("Child 3", "a\nb", ["a", "b"])
