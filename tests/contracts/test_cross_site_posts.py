"""A form that another site sends sets no cookie: a new one would replace that of somebody who is signed in.

Browsers send no SameSite cookie along with such a form, but keep one that the answer sets.
"""

import contextvars

import pytest
from flask import Flask

from surveyapp.answering.access.page_signature import page_signature
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for, token_in
from tests.contracts.test_routes import path, rules
from tests.page_client import PageClient
from tests.row_maker import Maker

BROWSERS = [
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.partnership.example"},
]


@pytest.mark.parametrize("headers", BROWSERS)
def test_no_form_of_another_site_sets_a_cookie(app: Flask, make: Maker, headers: dict[str, str]) -> None:
    audit_request = make.requests(make.audit(cases=1, agencies=1))[0]
    public_id = audit_request.public_id
    typed = {
        "token": token_in(link_for(audit_request.grant)),
        "page-mark": page_signature(public_id),
        "supervision-comment": "Typed elsewhere.",
        "email": "audit@police.example",
    }
    session.rollback()
    for rule, method in rules(app):
        if method != "POST":
            continue
        values = {"public_id": public_id} if "public_id" in rule.arguments else {}
        stranger, address = app.test_client(), path(app, rule, **values)
        answer = contextvars.Context().run(stranger.post, address, data=typed, headers=headers)
        assert "Set-Cookie" not in answer.headers, f"{rule.rule} answers another site’s form with a cookie."
        assert answer.status_code in {400, 401, 404}, f"{rule.rule} gave {answer.status_code}"


def test_a_form_of_another_site_signs_nobody_out(client: PageClient, app: Flask, make: Maker) -> None:
    token = token_in(link_for(make.grants(make.audit(cases=1, agencies=1))[0]))
    session.rollback()
    # The browser leaves its cookie out, and keeps what the answer sets.
    name = app.config["SESSION_COOKIE_NAME"]
    kept = client.http.get_cookie(name)
    assert kept is not None
    client.http.delete_cookie(name)
    answer = contextvars.Context().run(
        client.http.post, "/start/", data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    if client.http.get_cookie(name) is None:
        client.http.set_cookie(name, kept.value)
    client.get("/audits")


def test_a_form_of_our_own_still_gets_its_page_again(app: Flask, make: Maker) -> None:
    token = token_in(link_for(make.grants(make.audit(cases=1, agencies=1))[0]))
    session.rollback()
    own = [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:5000"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ]
    for headers in own:
        answer = contextvars.Context().run(
            app.test_client().post, "/start/", data={"token": token}, headers=headers
        )
        assert "Press the button once more." in answer.get_data(as_text=True), headers
