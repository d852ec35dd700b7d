"""Raw requests to a running server, and the rows stored at the end (promises A1 to A22)."""

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import withdraw_request
from tests.browser.installation import Installation
from tests.faults.served.asked_contact import AskedContact
from tests.faults.served.visitor import PageResponse, Visitor

# One server serves all tests of the module.
pytestmark = pytest.mark.xdist_group("people")

# Answers to the required questions; two underscores stand for one.
SUBMIT = {"strengths__or__concerns": "no"}


def at_once(acts: list[Callable[[], PageResponse]]) -> list[PageResponse]:
    """Run these acts at the same moment."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def one(number: int) -> None:
        gate.wait(20)
        found[number] = acts[number]()  # type: ignore[call-overload]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in found
    return found  # type: ignore[return-value]


def at_check(person: Visitor, case: AskedContact, words: str, number: int = 0) -> str:
    """Fill in a form and open its check page; returns the address of that page."""
    page = case.pages[number]
    person.get(page)
    saved = person.post(page, **SUBMIT, supervision="yes", supervision_comment=words, next_step="check")
    assert saved.status == 303, saved.words
    person.get(saved.headers["Location"])
    return page + "check"


def test_p13_a1_two_people_at_the_check_page_make_one_return_and_the_other_is_told(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    for number in range(2):
        one, other = visitor(), visitor()
        one.starts(case.link)
        other.starts(case.link)
        there = at_check(one, case, f"First, {number}.", number)
        # The second person opens the saved form and changes it, so the page of the first is older now.
        at_check(other, case, f"Second, {number}.", number)
        answers = at_once([partial(one.post, there), partial(other.post, there)])
        assert sorted(answer.status for answer in answers) == [303, 409]
        told = next(answer for answer in answers if answer.status == 409).words
        assert "in another place" in told
        assert case.is_returned(number)
        assert {f"First, {number}.", f"Second, {number}."} <= case.texts(number)


def test_p13_a2_ten_equal_presses_at_once_are_one_return_and_one_receipt(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    there = at_check(person, case, "Once.")
    body = urlencode(person.hidden)
    answers = at_once([lambda: Visitor(person.port, dict(person.cookies)).ask("POST", there, body)] * 10)
    assert {answer.status for answer in answers} == {303}
    assert {answer.headers["Location"] for answer in answers} == {case.pages[0] + "done"}
    assert case.revisions()["submit"] == 1
    assert case.emails("receipt") == 1


def test_p2_a3_answers_about_two_children_in_two_tabs_are_never_mixed(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    first = dict(person.hidden)
    person.get(case.pages[1])
    person.post(case.pages[1] + "autosave", supervision_comment="Of the second.")
    person.hidden = first
    person.post(case.pages[0], supervision_comment="Of the first.", next_step="save")
    assert (case.texts(0), case.texts(1)) == ({"Of the first."}, {"Of the second."})


def test_p2_a5_an_old_form_token_gives_the_text_back_and_the_second_press_stores_it(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    person.hidden |= {"csrf_token": "old"}
    page = person.post(case.pages[0], supervision_comment="Typed.", next_step="save")
    assert page.status == 400
    assert "Press Save again" in page.words
    assert page.boxes["supervision-comment"] == "Typed."
    assert case.texts() == set()
    assert person.post(case.pages[0], supervision_comment="Typed.", next_step="save").status == 303
    assert case.texts() == {"Typed."}


@pytest.mark.parametrize("how", ["lost", "of another server", "server restarted"])
def test_p2_a6_a7_without_its_cookie_the_page_takes_the_link_and_stores_the_text(
    case: AskedContact, visitor: Callable[[], Visitor], installation: Installation, how: str
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    person.post(case.pages[0] + "autosave", supervision_comment="Kept before.")
    if how == "lost":
        person.cookies.clear()
    elif how == "of another server":
        person.cookies = {name: value[::-1] for name, value in person.cookies.items()}
    else:
        assert installation.starts_at is not None
        installation.close()
        # The clock cannot go back, so this is the earlier cookie.
        installation.starts_at += timedelta(minutes=5)
        installation.open()
    page = person.post(case.pages[0], supervision_comment="Typed.", next_step="save")
    if how == "server restarted":
        assert page.status == 303
    else:
        assert page.status in {400, 404}
        assert page.boxes["supervision-comment"] == "Typed."
        assert "Paste the link from your email" in page.words
        assert case.texts() == {"Kept before."}
        stored = person.post(
            case.pages[0], supervision_comment="Typed.", pasted_link=case.link, next_step="save"
        )
        assert stored.status == 303, stored.words
    assert case.texts() == {"Typed."}


def test_p2_p7_a8_an_audit_that_closes_meanwhile_keeps_the_text_and_says_that_it_was_not_sent(
    case: AskedContact, visitor: Callable[[], Visitor], installation: Installation
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    installation.survey("close", str(case.audit_id))
    told = person.post(case.pages[0] + "autosave", supervision_comment="Typed.")
    assert "Returns closed" in told.text
    page = person.post(case.pages[0], supervision_comment="Typed.", next_step="check")
    assert page.status == 409
    assert "has not been sent" in page.words
    assert "Typed." in page.words
    assert case.revisions() == Counter(late=1)
    assert case.texts() == {"Typed."}
    assert not case.is_returned()


def test_p2_p7_a10_a_withdrawn_request_stores_nothing_and_shows_the_text(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    with transaction():
        request = session.get_one(AuditRequest, case.request_ids[0])
        withdraw_request(request, reason="By mistake", actor="manager", now=clock.now())
    page = person.post(case.pages[0], supervision_comment="Typed.", next_step="save")
    assert page.status in {404, 410}
    assert "This link has been withdrawn" in page.words
    assert page.boxes["supervision-comment"] == "Typed."
    assert case.texts() == set()


def test_p2_a11_a12_long_text_is_stored_exactly_and_too_long_text_comes_back(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    # Emoji, Arabic, a combining mark for which there is a composed letter, a line break as browsers send it.
    long = ("\N{PARTY POPPER} \u0645\u0631\u062d\u0628\u0627 e\u0301 line\r\n" * 900)[:19_000]
    person.post(case.pages[0], supervision_comment=long + "\0\x0b\x1b\ufffe\u202ex", next_step="save")
    (stored,) = case.texts()
    assert stored.count("\u00e9") == long.count("e\u0301")
    assert "\r" not in stored
    assert not set(stored) & set("\0\x0b\x1b\ufffe\u202e")
    person.get(case.pages[0])
    page = person.post(case.pages[0], supervision_comment="x" * 100_000, next_step="save")
    assert page.status == 422
    assert len(page.boxes["supervision-comment"]) == 100_000
    assert "20,000" in page.words
    assert person.post(case.pages[0], supervision_comment="x" * 5_000_000).status == 413


def test_a13_to_a16_bodies_that_no_form_sends_are_refused_or_ignored_at_once(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    good = urlencode({**person.hidden, "supervision-comment": "Real.", "next-step": "save"})
    many = "&".join(f"field{number}=x" for number in range(10_000))
    begun = time.monotonic()
    answers = [
        person.ask("POST", case.pages[0], good + "&" + many),
        person.ask("POST", case.pages[0], '{"supervision": "yes"}', kind="application/json"),
        person.ask("POST", case.pages[0], "supervision=yes", kind="text/plain"),
        person.ask("POST", case.pages[0], "x", kind="multipart/form-data"),
        person.ask(
            "POST", case.pages[0], gzip.compress(b"x" * 10_000_000), headers={"Content-Encoding": "gzip"}
        ),
        person.ask("POST", case.pages[0] + "autosave", "[" * 100_000, kind="application/json"),
    ]
    assert {answer.status // 100 for answer in answers} == {4}
    assert time.monotonic() - begun < 30
    assert case.texts() == set()
    odd = {"supervision": "NaN", "status": "returned", "version": "99", "__proto__": "x", "request_id": "1"}
    page = person.ask("POST", case.pages[0], urlencode({**person.hidden, **odd, "next-step": "save"}))
    assert page.status == 422
    assert case.revisions() == Counter()
    fine = person.ask("POST", case.pages[0], good + "&status=returned&version=99&request_id=1&request_id=2")
    assert fine.status == 303
    assert case.revisions() == Counter(save=1)
    assert not case.is_returned()


def test_p2_a17_a_save_that_was_cut_off_is_stored_once_by_the_next_press(
    case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    body = urlencode({**person.hidden, "supervision-comment": "Over a bad line.", "next-step": "save"})
    person.cut_off(case.pages[0], body, after=len(body) // 2)
    assert case.texts() == set()
    # The whole request arrives but its answer is lost; the second request is recognised as the same.
    person.cut_off(case.pages[0], body, after=len(body))
    end = time.monotonic() + 20
    while not case.texts() and time.monotonic() < end:
        time.sleep(0.1)
    again = person.ask("POST", case.pages[0], body)
    assert again.status == 303
    assert case.revisions() == Counter(save=1)


def test_p2_a22_a_returned_request_stays_returned(case: AskedContact, visitor: Callable[[], Visitor]) -> None:
    person, old = visitor(), visitor()
    person.starts(case.link)
    old.starts(case.link)
    old.get(case.pages[0])
    there = at_check(person, case, "Returned.")
    assert person.post(there).status == 303
    assert old.post(case.pages[0], supervision_comment="An old page.", next_step="save").status == 409
    old.post(case.pages[0] + "autosave", supervision_comment="Typed on.")
    assert case.is_returned()
    assert {"Returned.", "An old page."} <= case.texts()


def test_p9_p12_l11_l12_the_server_log_contains_no_typed_text(
    installation: Installation, case: AskedContact, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    person.starts(case.link)
    person.get(case.pages[0])
    person.post(case.pages[0] + "autosave", supervision_comment="An unmistakable sentence.")
    person.post(case.pages[0], supervision_comment="An unmistakable sentence.", next_step="save")
    for file in Path(installation.folder).rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert b"unmistakable sentence" not in held, file.name
            if file.suffix in {".log", ".sqlite"} or "sqlite" in file.name:
                assert case.link.rpartition("/r/")[2].strip("/")[24:].encode() not in held, file.name
