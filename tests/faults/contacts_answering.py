"""Contacts who answer long forms at the same time, with the time of every request."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

from tests.bench.served import HttpBrowser

# Seconds to wait after each request, at least and at most: less than anybody needs for 100 questions.
PAUSE = (2.0, 6.0)


@dataclass(frozen=True)
class AnsweringContact:
    """A contact: the token of their link, the public id of their request, and the fields that they type."""

    token: str
    public_id: str
    typed: dict[str, str]


@dataclass
class AnsweringResult:
    """The seconds of each page and each press of Save, the number of saves, and the errors."""

    seconds: list[float] = field(default_factory=list)
    saved: int = 0
    went_wrong: list[BaseException] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """The 95th percentile, in seconds."""
        return quantiles(self.seconds, n=20)[-1]


@contextmanager
def contacts_answering(port: int, people: Sequence[AnsweringContact]) -> Iterator[AnsweringResult]:
    """Let each contact open the form, fill it in and save it repeatedly until the block ends."""
    result, ended = AnsweringResult(), threading.Event()

    def timed(act: Callable[[], object], chance: random.Random) -> None:
        begun = time.perf_counter()
        act()
        result.seconds.append(time.perf_counter() - begun)
        ended.wait(chance.uniform(*PAUSE))

    def answer(person: AnsweringContact) -> None:
        browser, chance = HttpBrowser(port), random.Random(person.public_id)  # noqa: S311 — no secret
        form = f"/returns/{person.public_id}/"
        try:
            browser.get(f"/r/{person.token}/")
            browser.post("/start/", token=person.token)
            ended.wait(chance.uniform(0, PAUSE[1]))
            while not ended.is_set():
                timed(lambda: browser.get(form), chance)
                timed(lambda: browser.post(form, **person.typed, **{"next-step": "save"}), chance)
                result.saved += 1
        except BaseException as error:  # noqa: BLE001 — the browser leaves by SystemExit at a wrong page
            result.went_wrong.append(error)

    threads = [threading.Thread(target=answer, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield result
    finally:
        ended.set()
        for thread in threads:
            thread.join()
