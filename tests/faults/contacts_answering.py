"""People who answer long forms all at once, each in a browser of their own, with every press timed."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

from tests.bench.served import HttpBrowser

# After each page and each press of Save, so many seconds: of 100 questions nobody reads one in that time.
PAUSE = (2.0, 6.0)


@dataclass(frozen=True)
class AnsweringContact:
    """Who answers: the token of their link, the form they fill in, and all that they put in it."""

    token: str
    public_id: str
    typed: dict[str, str]


@dataclass
class AnsweringResult:
    """What people met: how long each page and each press of Save took, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    saved: int = 0
    went_wrong: list[BaseException] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """The time that nineteen in twenty took at most."""
        return quantiles(self.seconds, n=20)[-1]


@contextmanager
def contacts_answering(port: int, people: Sequence[AnsweringContact]) -> Iterator[AnsweringResult]:
    """Let each open the form, fill all of it and save, over and over, until the block ends."""
    found, ended = AnsweringResult(), threading.Event()

    def timed(act: Callable[[], object], chance: random.Random) -> None:
        begun = time.perf_counter()
        act()
        found.seconds.append(time.perf_counter() - begun)
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
                found.saved += 1
        except BaseException as error:  # noqa: BLE001 — the browser leaves by SystemExit at a wrong page
            found.went_wrong.append(error)

    threads = [threading.Thread(target=answer, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        ended.set()
        for thread in threads:
            thread.join()
