"""Contacts who return their cases through the pages while the server fails, and press again as people do."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.faults.served.visitor import PageResponse, Visitor

# Statuses after which a person presses the same button again.
_PRESS_AGAIN = {500, 502, 503, 504}
# Answers to the required questions; two underscores stand for one.
ANSWERS = {"strengths__or__concerns": "no", "supervision": "yes"}


@dataclass(frozen=True)
class AskedGrant:
    """What a contact was emailed: their link, and the public ids of their requests by the requests' ids."""

    grant_id: int
    link: str
    requests: dict[int, str]


@dataclass(frozen=True)
class Confirmation:
    """“Return received”, as a browser got it; `at` is in seconds since 1970."""

    grant_id: int
    request_id: int
    words: str
    at: float


@dataclass
class ReturningResult:
    """What the browsers of all contacts got."""

    confirmations: list[Confirmation] = field(default_factory=list)
    # How often a press had no answer, or one that asks to press again.
    failures: int = 0
    surprises: list[str] = field(default_factory=list)
    requests: int = 0


class ReturningContact:
    """One contact in one browser, who returns their requests one by one."""

    def __init__(self, port: int, grant: AskedGrant, result: ReturningResult, ended: threading.Event) -> None:
        self.browser, self.grant, self.result, self.ended = Visitor(port), grant, result, ended
        self._chance = random.Random(grant.grant_id)  # noqa: S311 — no secret

    def return_everything(self) -> None:
        """Return every request, until `ended` is set."""
        try:
            self._start(urlsplit(self.grant.link).path)
            for request_id, public_id in self.grant.requests.items():
                self._return(request_id, f"/returns/{public_id}/")
        except _Ended:
            pass
        except Exception as error:  # noqa: BLE001 — the test shows it
            self.result.surprises.append(f"{type(error).__name__}: {error}")

    def _start(self, landing: str) -> None:
        self._press(lambda: self.browser.get(landing))
        token = landing.split("/")[2]
        started = self._press(lambda: self.browser.post("/start/", token=token), 303)
        self._press(lambda: self.browser.get(started.headers["Location"]))

    def _return(self, request_id: int, page: str) -> None:
        words = f"What we know of request {request_id}."
        fields = {**ANSWERS, "supervision_comment": words}
        self._press(lambda: self.browser.get(page))
        self._press(lambda: self.browser.post(page, **fields, next_step="check"), 303)
        self._press(lambda: self.browser.get(page + "check"))
        answer = self._press(lambda: self.browser.post(page + "check"), 303)
        if not answer.headers["Location"].endswith("/done"):
            self.result.surprises.append(f"{page}check led to {answer.headers['Location']}")
            return
        self.result.confirmations.append(Confirmation(self.grant.grant_id, request_id, words, time.time()))
        done = self._press(lambda: self.browser.get(page + "done"))
        if "Received on" not in done.words:
            self.result.surprises.append(f"{page}done said: {done.words[:300]}")

    def _press(self, act: Callable[[], PageResponse], wanted: int = 200) -> PageResponse:
        """Press until the server answers as wanted. Raises _Ended, or AssertionError for another answer."""
        while not self.ended.is_set():
            self.result.requests += 1
            try:
                answer = act()
            except (OSError, http.client.HTTPException):
                answer = None
            if answer is not None and answer.status not in _PRESS_AGAIN:
                assert answer.status == wanted, f"{answer.status}: {answer.words[:500]}"
                return answer
            self.result.failures += 1
            self.ended.wait(self._chance.uniform(0.1, 0.4))
        raise _Ended


class _Ended(Exception):
    """The test is over before this contact was done."""


@contextmanager
def contacts_returning(
    port: int, grants: Sequence[AskedGrant], *, at_once: int
) -> Iterator[tuple[ReturningResult, Callable[[], bool]]]:
    """Let contacts return everything, so many at a time, until they are done or the block ends.

    Yields what they got, and a function that says whether everybody is done.
    """
    result, ended, waiting = ReturningResult(), threading.Event(), iter(grants)
    turn = threading.Lock()

    def one_after_the_other() -> None:
        while not ended.is_set():
            with turn:
                grant = next(waiting, None)
            if grant is None:
                return
            ReturningContact(port, grant, result, ended).return_everything()

    threads = [threading.Thread(target=one_after_the_other) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    try:
        yield result, lambda: not any(thread.is_alive() for thread in threads)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
