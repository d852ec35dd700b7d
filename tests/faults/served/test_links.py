"""Requests of scanners, guessers and proxies to a running server (promises L1 to L14)."""

import re
import secrets
import socket
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest

from surveyapp.issuing.links import ALPHABET, TOKEN_LENGTH
from tests.browser.installation import Installation
from tests.faults.conftest import wait_until
from tests.faults.served.asked_contact import AskedContact
from tests.faults.served.visitor import PageResponse, Visitor

# One server serves all tests of the module.
pytestmark = pytest.mark.xdist_group("links")

Visitors = Callable[[], Visitor]
GUESSES = 300
_FRESH = re.compile(r'(value|content)="[^"]{20,}"|nonce-[^ "]+')


def path_of(link: str) -> str:
    return urlsplit(link).path


def raw(port: int, request: str) -> str:
    """The answer of a server to these raw bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(request.encode())
        wire.settimeout(20)
        found = b""
        while more := wire.recv(65536):
            found += more
    return found.decode("utf-8", "replace")


def test_p10_l1_scanners_that_fetch_pages_and_press_start_change_no_answer(
    case: AskedContact, visitor: Visitors
) -> None:
    there = path_of(case.link)
    for _ in range(20):
        assert visitor().ask("HEAD", there).status == 200
        assert visitor().get(there).status == 200
    visitor().ask("OPTIONS", there)
    assert not case.has_started
    scanner = visitor()
    # A sandbox that presses every button on a page twice.
    for _ in range(2):
        scanner.starts(case.link)
    for page in case.pages:
        scanner.get(page)
    assert case.revisions() == {}
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    assert person.post(case.pages[0], supervision_comment="Mine.", next_step="save").status == 303
    assert case.texts() == {"Mine."}


def test_l1_the_link_works_next_week_on_another_device_and_as_gateways_leave_it(
    case: AskedContact, visitor: Visitors
) -> None:
    there = path_of(case.link)
    token = there.split("/")[2]
    for variant in (
        there,
        there.rstrip("/"),
        there.rstrip("/") + ".",
        there + "),",
        f"/r/{token.upper()}/",
        f"/r/{token}%3E",
        f"/r/{quote(case.link, safe='')}",
        f"/r/{token}/?utm_source=mail&data=05%7C02",
    ):
        page = visitor().get(variant)
        assert page.status == 200, variant
        assert "Start now" in page.words, variant
    for _ in range(3):
        visitor().starts(case.link)


def test_l2_every_guessed_link_gets_the_same_answer(case: AskedContact, visitor: Visitors) -> None:
    token = path_of(case.link).split("/")[2]
    guesser = visitor()
    changed = [
        token[:place] + next(letter for letter in ALPHABET if letter != token[place]) + token[place + 1 :]
        for place in range(0, TOKEN_LENGTH, 7)
    ]
    drawn = ["".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH)) for _ in range(GUESSES)]
    odd = ["x", token[:-1], token + "a", token * 40, "%00", token[:24] + "%00" * 26]
    pages = [guesser.ask("GET", f"/r/{candidate}/") for candidate in changed + drawn + odd]
    assert {page.status for page in pages} == {404}
    assert len({_plain(page) for page in pages}) == 1
    assert "Start now" in visitor().get(path_of(case.link)).words


def _plain(page: PageResponse) -> str:
    return _FRESH.sub("", page.text)


def test_p6_l4_rows_of_others_are_not_found_on_any_page(
    case: AskedContact, visitor: Visitors, one_maker: object
) -> None:
    other = AskedContact(one_maker)  # type: ignore[arg-type]
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    for page in ("", "check", "done", "copy", "copy.pdf", "blank", "blank.docx", "blank.pdf", "not-involved"):
        assert person.ask("GET", other.pages[0] + page).status == 404, page
    for page in ("", "autosave", "check", "not-involved", "involved", "keep-wording"):
        assert person.post(other.pages[0] + page, supervision_comment="Not mine.").status in {404, 410}, page
    assert other.texts() == set()
    assert other.revisions() == {}


def test_l5_l6_no_page_can_be_framed_cached_or_indexed_and_a_planted_cookie_is_dropped(
    case: AskedContact, visitor: Visitors
) -> None:
    person = visitor()
    person.cookies["surveyapp"] = "planted"
    person.starts(case.link)
    assert person.cookies["surveyapp"] != "planted"
    for page in (
        "/returns/",
        case.pages[0],
        case.pages[0] + "blank",
        "/privacy",
        "/accessibility",
        "/nowhere",
    ):
        answer = person.ask("GET", page)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], page
        assert answer.headers["Cache-Control"] == "no-store", page
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        assert answer.headers["X-Robots-Tag"] == "noindex", page
    line = person.ask("GET", path_of(case.link)).headers["Set-Cookie"] or "HttpOnly; SameSite=Lax"
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line


def test_p19_l8_a_forged_host_is_refused_or_ignored_and_is_in_no_link(
    case: AskedContact, installation: Installation
) -> None:
    there = path_of(case.link)
    for head in (
        "Host: evil.example",
        f"Host: 127.0.0.1:{installation.port}\r\nX-Forwarded-Host: evil.example",
        f"Host: 127.0.0.1:{installation.port}\r\nForwarded: host=evil.example",
    ):
        answer = raw(installation.port, f"GET {there} HTTP/1.1\r\n{head}\r\nConnection: close\r\n\r\n")
        assert "evil.example" not in answer
    answer = raw(
        installation.port,
        f"GET http://evil.example{there} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    )
    assert "evil.example" not in answer


@pytest.mark.parametrize(
    "line",
    [
        "GET /../../etc/passwd",
        "GET //audits",
        "GET /%2e%2e/audits",
        "GET /AUDITS",
        "TRACE /returns/",
        "PROPFIND /returns/",
        "GET /audits/1",
        "DELETE /audits/1",
    ],
)
def test_l10_odd_methods_and_paths_open_no_staff_page(installation: Installation, line: str) -> None:
    answer = raw(
        installation.port,
        f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{installation.port}\r\nConnection: close\r\n\r\n",
    )
    status = int(answer.split()[1])
    assert status in {302, 303, 308, 400, 401, 404, 405, 501}, answer[:300]
    assert "root:" not in answer
    assert "Agency " not in answer


def test_l13_a_forwarded_link_works_on_a_second_device(case: AskedContact, visitor: Visitors) -> None:
    for _ in range(2):
        device = visitor()
        device.starts(case.link)
        assert device.get(case.pages[0]).status == 200


def test_p7_l14_a_link_of_a_closed_audit_says_so_and_every_wrong_link_offers_a_fresh_one(
    case: AskedContact, visitor: Visitors, installation: Installation
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    person.post(case.pages[0], supervision_comment="Mine.", next_step="save")
    installation.survey("close", str(case.audit_id))
    closed = visitor()
    page = closed.get(path_of(case.link))
    assert page.status == 200
    assert "closed" in page.words
    closed.starts(case.link)
    assert "Mine." in closed.get(case.pages[0] + "copy").words
    told = set()
    for address in (case.email, "nobody@nowhere.example"):
        asker = visitor()
        asker.get("/fresh-link/")
        answer = asker.post("/fresh-link/", email=address)
        assert answer.status == 303
        told.add(asker.get(answer.headers["Location"]).words)
    assert len(told) == 1


def test_l14_a_fresh_link_goes_to_the_registered_address_alone_three_times_a_day(
    case: AskedContact, visitor: Visitors
) -> None:
    before = case.emails("request")
    for _ in range(6):
        asker = visitor()
        asker.get("/fresh-link/")
        assert asker.post("/fresh-link/", email=case.email.upper()).status == 303
        # The page only stores the address; the server's worker looks it up.
        wait_until(lambda: not case.waits_for_link, "the address to be looked up")
    assert 1 <= case.emails("request") - before <= 3
