"""Every route is for somebody, refuses everybody else and is spelt in kebab-case."""

import contextvars
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest
from surveyapp.permissions import roles_for
from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import CrawledPage
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.shared_app import in_app_context

KEBAB = re.compile(r"[a-z0-9-]+(\.(csv|docx|json|(returns\.)?pdf|png|pptx|svg|xlsx|yaml|zip))?")
# The prefixes of endpoints for staff and for contacts; OPEN are for everybody. Any other route fails.
STAFF = ("survey.", "mail_folder.", "example.", "accounts.", "own_account.", "own_passkeys.")
CONTACT = (
    "survey_contact.answering.",
    "survey_contact.involvement_check.",
    "survey_contact.feedback.",
)
OPEN = {
    "standalone.start",
    "standalone.show_sign_in",
    "standalone.sign_in",
    "standalone.show_sign_out",
    "standalone.sign_out",
    "standalone.show_health",
    "passkeys.sign_in",
    "oidc.go_to_provider",
    "oidc.come_back",
    "second_factor.ask_for_code",
    "second_factor.take_code",
    "second_factor.show_set_up",
    "second_factor.set_up",
    "staff_links.ask_for_password",
    "staff_links.send_password_link",
    "staff_links.password_link_sent",
    "staff_links.show_new_password",
    "staff_links.set_new_password",
    "staff_links.show_joining",
    "staff_links.take_invitation",
    "survey_static.static",
    "survey_contact.diary_feed.show_feed",
    "survey_contact.notices.show_privacy",
    "survey_contact.notices.show_accessibility",
}
# The contact pages that need no link; they show nothing about a child.
DOORS = {"land", "land_in_capitals", "start", "ask_for_link", "send_link", "link_sent", "finish", "finished"}
TYPED = {
    "int:",
    "path:token",
    "path:filename",
    "string:day",
    "string:name",
    "string:version",
    "public_id",
    "form_id",
}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda route: route.rule):
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule, method


def path(app: Flask, rule: Rule, **values: Any) -> str:
    """The address of a rule with these values; other ids are 999, and other texts “x”."""
    spare = {
        name: values.get(name, 999 if name.endswith("_id") and name not in {"public_id", "form_id"} else "x")
        for name in rule.arguments
    }
    spare |= {"number": values.get("number", 999)} if "number" in rule.arguments else {}
    spare |= {"filename": "survey.css"} if "filename" in rule.arguments else {}
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **spare))


def test_every_route_is_for_staff_contacts_or_everybody(app: Flask) -> None:
    for rule, _method in rules(app):
        known = rule.endpoint in OPEN or rule.endpoint.startswith((*STAFF, *CONTACT))
        assert known, f"{rule.rule} is for nobody: nest its blueprint below survey or survey_contact."


def is_of_manager(rule: Rule) -> bool:
    """Whether a route is a page of staff that a business manager opens."""
    return rule.endpoint.startswith(STAFF) and "business_manager" in roles_for(rule.endpoint)


def test_a_stranger_is_sent_to_sign_in_from_every_page_of_staff(app: Flask, stranger: PageClient) -> None:
    for rule, method in rules(app):
        if not rule.endpoint.startswith(STAFF):
            continue
        address = path(app, rule)
        if method == "GET":
            answer = stranger.get(address, status=302)
            assert answer.headers["Location"].startswith("/sign-in?next="), address
        else:
            stranger.post(address, status=401)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40])
def test_a_number_too_large_for_the_database_is_a_404(app: Flask, client: PageClient, number: int) -> None:
    for rule, method in rules(app):
        numbers = set(re.findall(r"<int:(\w+)>", rule.rule))
        if not rule.endpoint.startswith(STAFF) or not numbers:
            continue
        address = path(app, rule, **dict.fromkeys(numbers, number))
        if method == "GET":
            client.get(address, status=404)
        else:
            client.post(address, status=404)


def test_a_missing_row_is_a_404_on_every_page_of_the_manager(app: Flask, client: PageClient) -> None:
    for rule, method in rules(app):
        if is_of_manager(rule) and rule.arguments & {
            "audit_id",
            "agency_id",
            "mail_id",
            "number",
            "form_id",
            "staff_id",
        }:
            act = client.get if method == "GET" else client.post
            act(path(app, rule), status=404)


def test_a_row_of_another_audit_or_agency_is_not_found_under_this_one(
    app: Flask, client: PageClient, make: Maker
) -> None:
    mine, other = make.audit(title="Mine", agencies=1), make.audit(title="Other", agencies=1)
    request = make.requests(other)[0]
    contact = request.grant.contact
    wrong = {
        "audit_id": mine.id,
        "agency_id": make.requests(mine)[0].agency_id,
        "request_id": request.id,
        "case_id": request.case_id,
        "contact_id": contact.id,
    }
    for rule, method in rules(app):
        if is_of_manager(rule) and len(rule.arguments & wrong.keys()) > 1:
            act = client.get if method == "GET" else client.post
            act(path(app, rule, **wrong), status=404)


@pytest.fixture
def contact(app: Flask, make: Maker) -> tuple[PageClient, AuditRequest, AuditRequest]:
    """A contact who has started from a link, with a request of theirs and one of another agency."""
    audit = make.audit(cases=1, agencies=2)
    own, other = make.requests(audit)
    browser = PageClient(app)
    token = token_in(link_for(own.grant))
    browser.get(f"/r/{token}/")
    browser.post("/start/", {"token": token})
    return browser, own, other


def test_a_contact_finds_nothing_of_another_agency_at_any_address(
    app: Flask, contact: tuple[PageClient, AuditRequest, AuditRequest], stranger: PageClient
) -> None:
    browser, own, other = contact
    own_id, other_id = own.public_id, other.public_id
    stored = (other.agency.name, other.case.pseudonym, other.reference, other.grant.contact.name)
    browser.get(f"/returns/{own_id}/")
    for rule, method in rules(app):
        if "public_id" not in rule.arguments:
            continue
        foreign, unknown = (path(app, rule, public_id=public_id) for public_id in (other_id, "a" * 24))
        for someone in (browser, stranger):
            answers = [
                someone.http.open(address, method=method, data=pressed(someone) if method == "POST" else None)
                for address in (foreign, unknown)
            ]
            assert [answer.status_code for answer in answers] == [answers[0].status_code] * 2, rule.rule
            assert answers[0].status_code in {401, 403, 404}, (
                f"{method} {rule.rule} gave {answers[0].status_code}"
            )
            if rule.endpoint.endswith(".save") and method == "POST":
                # A contact without a cookie gets the typed text back, but nothing is stored (promises A6).
                assert not any(word in answers[0].text for word in stored), rule.rule
                continue
            texts = answers[0].text.replace(other_id, ""), answers[1].text.replace("a" * 24, "")
            assert texts[0] == texts[1], f"{method} {rule.rule} tells what is another’s from what never was"


def pressed(someone: PageClient) -> dict[str, str]:
    """The fields of all forms, with a submission id that both pages send."""
    return {"csrf_token": someone.token, "submission-id": "one-and-the-same"}


def test_every_contact_page_but_the_entrances_needs_a_link(app: Flask, stranger: PageClient) -> None:
    for rule, method in rules(app):
        name = rule.endpoint.rpartition(".")[2]
        if rule.endpoint.startswith(CONTACT) and name not in DOORS and method == "GET":
            answer = stranger.http.get(path(app, rule))
            assert answer.status_code in {302, 401, 403, 404}, rule.rule


def test_addresses_are_kebab_case_and_typed(app: Flask) -> None:
    for rule, _method in rules(app):
        for part in filter(None, rule.rule.split("/")):
            named = re.fullmatch(r"<([a-z_:]+)>", part)
            if named:
                assert any(named[1].startswith(typed) for typed in TYPED), f"{rule.rule}: {part} has no type"
            elif rule.endpoint != "survey_contact.answering.land_in_capitals":
                assert KEBAB.fullmatch(part), (
                    f"{rule.rule}: {part} is not kebab-case, or ends in what KEBAB does not know"
                )


def test_asking_for_the_headers_of_a_page_posts_nothing(
    demonstration: Flask, crawled: dict[str, CrawledPage]
) -> None:
    with in_app_context(demonstration, now=MONDAY_MORNING):
        manager = PageClient(demonstration)
        manager.sign_in()
        answers = {
            page.path: contextvars.Context().run(manager.http.head, page.path) for page in crawled.values()
        }
    wrong = {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200}
    assert not wrong, "These take a HEAD for a press: ask for POST, not for anything but GET."
