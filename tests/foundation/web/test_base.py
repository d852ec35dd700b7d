import psycopg
import pytest
from flask import Flask, render_template_string, template_rendered
from wtforms import SelectMultipleField, TextAreaField

from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.web.base import HEADERS, LineField, SurveyForm
from tests.page_client import PageClient
from tests.row_maker import Maker


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


@pytest.mark.postgresql
def test_a_connection_that_dies_after_a_page_was_made_does_not_cost_the_page(
    app: Flask, client: PageClient, make: Maker, database: str
) -> None:
    audit_id = make.audit(cases=1, agencies=1).id
    current_session.rollback()
    ended: list[int] = []

    def end_connections(*_sender: object, **_facts: object) -> None:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as other:
            ended.append(len(other.execute(others).fetchall()))

    with template_rendered.connected_to(end_connections, app):
        client.get(f"/audits/{audit_id}")
    assert ended
    assert ended[0] >= 1
    client.get(f"/audits/{audit_id}")
