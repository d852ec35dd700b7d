"""A contact reaches surveyapp through nginx by TLS; no log has a link, no forged header is believed."""

import socket
import ssl
from contextlib import AbstractContextManager, nullcontext
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.faults.served.asked_contact import AskedContact
from tests.running.https_site import HOST, HttpsSite

pytestmark = pytest.mark.slow

ORIGIN = f"https://{HOST}/"


def test_a_contact_opens_a_link_saves_and_returns(site: HttpsSite, asked: AskedContact) -> None:
    contact, page = site.visitor(), asked.pages[0]
    assert asked.link.startswith(ORIGIN)
    landing = contact.get(urlsplit(asked.link).path)
    assert landing.status == 200
    # From the app, and not once more from nginx.
    assert landing.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    contact.starts(asked.link)
    contact.get(page)
    check = contact.post(page, supervision="yes", strengths__or__concerns="no", next_step="check")
    assert check.status == 303, check.words
    contact.get(check.headers["Location"])
    assert contact.post(check.headers["Location"]).status == 303
    assert asked.is_returned()


def test_cookies_are_for_this_host_alone_and_for_https(site: HttpsSite, asked: AskedContact) -> None:
    contact = site.visitor()
    page = contact.get(urlsplit(asked.link).path)
    (cookie,) = page.headers.get_all("Set-Cookie", [])
    assert cookie.startswith("__Host-surveyapp=")
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= attributes
    assert "Domain" not in cookie


def test_http_leads_to_https_on_the_partnerships_own_name(site: HttpsSite) -> None:
    wire = HTTPConnection("127.0.0.1", site.plain, timeout=30)
    wire.request("GET", "/sign-in", headers={"Host": "evil.example"})
    answer = wire.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"{ORIGIN}sign-in")
    wire.close()


def test_a_calendar_program_is_not_led_from_http_to_https(site: HttpsSite) -> None:
    for path in ("/calendar/abc", "/calendar/abc.ics"):
        wire = HTTPConnection("127.0.0.1", site.plain, timeout=30)
        wire.request("GET", path, headers={"Host": HOST})
        answer = wire.getresponse()
        assert (answer.status, answer.headers["Location"]) == (404, None)
        wire.close()


CBC = "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256"


@pytest.mark.parametrize(("ciphers", "is_taken"), [("ECDHE+AESGCM", True), (CBC, False)])
def test_no_connection_is_made_without_authenticated_encryption(
    site: HttpsSite, ciphers: str, *, is_taken: bool
) -> None:
    context = ssl.create_default_context(cafile=str(site.folder / "cert.pem"))
    # Every cipher suite of TLS 1.3 has it.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    refused: AbstractContextManager[object] = (
        nullcontext() if is_taken else pytest.raises((ssl.SSLError, ConnectionError))
    )
    with socket.create_connection(("127.0.0.1", site.secure), timeout=30) as wire, refused:
        context.wrap_socket(wire, server_hostname=HOST).close()


def test_no_forwarded_header_of_a_visitor_reaches_the_app(site: HttpsSite) -> None:
    forged = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "80",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "127.0.0.1",
        "Forwarded": "for=127.0.0.1;host=evil.example;proto=http",
    }
    visitor = site.visitor()
    page = visitor.ask("GET", "/audits", headers=forged)
    assert page.status == 302
    assert "evil" not in page.headers["Location"]
    # Through nginx nobody is this computer itself, whatever they say.
    assert "The details are for the partnership" in visitor.ask("GET", "/health", headers=forged).words
    assert visitor.ask("GET", "/sign-in", headers={"Host": "evil.example"}).status == 400


def test_figures_are_not_shown_through_nginx(site: HttpsSite) -> None:
    assert site.visitor().get("/metrics").status == 404


def test_too_much_is_refused_in_surveyapps_own_words(site: HttpsSite, asked: AskedContact) -> None:
    contact, page = site.visitor(), asked.pages[1]
    contact.starts(asked.link)
    contact.get(page)
    answer = contact.post(page, supervision_comment="x" * 4_500_000)
    assert answer.status == 413
    assert "That is too much to take at once" in answer.words


def test_no_log_has_a_link_even_while_the_app_is_away(site: HttpsSite, asked: AskedContact) -> None:
    path = urlsplit(asked.link).path
    token = path.split("/")[2]
    addresses = (
        path,
        path.upper(),
        f"//r/{token}",
        f"/sign-in?next={path}",
        f"/nowhere/{token}",
        f"/calendar/{token}",
        f"/r/%22{token}",
    )
    referrer = {"Referer": asked.link}
    for address in addresses:
        site.visitor().ask("GET", address, headers=referrer)
    plain = HTTPConnection("127.0.0.1", site.plain, timeout=30)
    plain.request("GET", path, headers={"Host": HOST})
    assert plain.getresponse().status == 301
    plain.close()
    # Without the app, nginx has an error to write about every request.
    site.stop_app()
    for address in addresses:
        assert site.visitor().ask("GET", address, headers=referrer).status == 502
    site.start_app()
    site.wait_for_page()
    logs = site.logs
    assert logs["surveyapp.log"].count(" 502 ") >= len(addresses)
    found = [name for name, text in logs.items() if token[:25] in text.lower() or "/r/" in text.lower()]
    assert found == []
