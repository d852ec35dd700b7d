"""Measures whole returns, from the link to the stored confirmation: `python -m tests.bench.whole_return`.

A whole return is seven requests of a new contact: the page of the link, Start, the form, its Save, the check
page, its button and the confirmation. Its floor is a bare Flask app on the same server, which answers four of
them with the same bytes and makes a durable commit of one row in each of the other three.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import draw_public_id, link_token
from surveyapp.issuing.models import AuditRequest, Grant
from tests.bench import floor
from tests.bench.installation import BenchInstallation, postgresql
from tests.bench.processor_time import largest_memory, processor_seconds
from tests.bench.served import HttpBrowser, Timing, served, time_repeatedly
from tests.bench.table import Line

AT_ONCE = 8
SECONDS = 8.0
WARM_UP = 1.5
# More than can be returned in a second.
CONTACTS_A_SECOND = 120
ANSWERS = {"supervision": "yes", "supervision-comment": "Monthly.", "strengths_or_concerns": "no"}
Link = tuple[str, str]


def add_contacts(stock: BenchInstallation, number: int) -> list[Link]:
    """Ask so many agencies about one case: the token of each contact’s link, and the request’s public id."""
    now = clock.now()
    asked = session.scalars(
        select(AuditRequest).where(AuditRequest.audit_id == stock.add_audit(agencies=1, cases=1))
    ).one()
    numbers = range(number)
    of_agencies = insert(Agency).returning(Agency.id, sort_by_parameter_order=True)
    agencies = session.scalars(of_agencies, [{"name": f"Force {n}", "kind": "police"} for n in numbers]).all()
    of_contacts = insert(Contact).returning(Contact.id, sort_by_parameter_order=True)
    contacts = session.scalars(
        of_contacts,
        [
            {"agency_id": agency, "name": "A", "email": f"a{agency}@force.example", "role": "lead"}
            for agency in agencies
        ],
    ).all()
    of_grants = insert(Grant).returning(Grant.id, Grant.public_id, sort_by_parameter_order=True)
    grants = session.execute(
        of_grants,
        [
            {
                "audit_id": asked.audit_id,
                "contact_id": contact,
                "public_id": draw_public_id(),
                "issued_at": now,
            }
            for contact in contacts
        ],
    ).all()
    requests = [
        {
            "public_id": draw_public_id(),
            "reference": f"B{n:x}",
            "audit_id": asked.audit_id,
            "case_id": asked.case_id,
            "agency_id": agencies[n],
            "grant_id": grants[n].id,
            "issued_at": now,
        }
        for n in numbers
    ]
    session.execute(insert(AuditRequest), requests)
    session.commit()
    if engine().dialect.name == "postgresql":
        # A server in use analyses its tables by itself, within a minute of the writes.
        session.execute(text("ANALYZE"))
        session.commit()
    ring = keys().link
    return [
        (link_token(grant.public_id, 1, ring[0]), str(row["public_id"]))
        for grant, row in zip(grants, requests, strict=True)
    ]


def return_whole(port: int, link: Link) -> list[str]:
    """Make one return in seven requests of a new browser; returns the pages it was shown."""
    token, public_id = link
    browser, address = HttpBrowser(port), f"/returns/{public_id}/"
    pages = [browser.get(f"/r/{token}/")]
    pages.append(browser.get(browser.post("/start/", token=token)))
    pages.append(browser.get(browser.post(address, **ANSWERS, **{"next-step": "check"})))
    pages.append(browser.get(browser.post(f"{address}check")))
    return pages


def ask_floor(port: int) -> None:
    """The same seven requests of the bare app."""
    browser = HttpBrowser(port)
    for number in range(4):
        browser.get(f"/page/{number}")
        if number < 3:
            browser.post(f"/commit/{number}")


def lines(folder: Path, *, seconds: float = SECONDS) -> Iterator[Line]:
    """Lines for whole returns on SQLite, and on PostgreSQL if there is one here."""
    file = folder / "sqlite" / "bench.sqlite"
    yield from _lines_on(BenchInstallation(file.parent, f"sqlite:///{file}"), "SQLite", 40, seconds)
    try:
        with postgresql() as address:
            yield from _lines_on(BenchInstallation(folder / "postgresql", address), "PostgreSQL", 80, seconds)
    except OperationalError:
        yield ("whole return on PostgreSQL, 8 at a time", "80 a second", "not measured: none here", "")


def _lines_on(stock: BenchInstallation, name: str, budget: int, seconds: float) -> Iterator[Line]:
    with stock.app():
        links = iter(add_contacts(stock, round(CONTACTS_A_SECOND * (seconds + WARM_UP))))
    with served("wsgi:app", stock.environment) as server:
        port = server.port
        pages = return_whole(port, next(links))
        ours, own = _measured(server.pid, lambda: return_whole(port, next(links)), seconds)
        memory = largest_memory(server.pid)
    with stock.app():
        stored = session.scalar(text("SELECT count(*) FROM survey_return WHERE returned_at IS NOT NULL"))
    for number, page in enumerate(pages):
        (stock.folder / f"{number}.html").write_text(page)
    environment = {floor.BYTES: str(stock.folder), floor.DATABASE: stock.database}
    with served("tests.bench.floor:seven_requests_app()", environment) as server:
        port = server.port
        ask_floor(port)
        bare, bare_own = _measured(server.pid, lambda: ask_floor(port), seconds)
    if stored is None or stored < len(ours.seconds):
        raise SystemExit(f"{len(ours.seconds)} returns were confirmed and {stored} are stored.")
    ratio = bare.rate / ours.rate
    yield (
        f"whole return on {name}, {AT_ONCE} at a time",
        f"{budget} a second; 3 times the floor",
        f"{ours.rate:.1f} a second; {ratio:.1f} times; p95 {ours.percentile(95):.0f} ms",
        f"{bare.rate:.1f} a second; p95 {bare.percentile(95):.0f} ms",
    )
    yield (
        f"whole return on {name}, processor time of the web server",
        "",
        f"{own * 1000:.1f} ms",
        f"{bare_own * 1000:.1f} ms",
    )
    yield (
        f"memory of a web worker after {len(ours.seconds):,} returns on {name}",
        "120 MB",
        f"{memory:.0f} MB",
        "",
    )
    commits = floor.commits_a_second(stock.database, 2)
    yield (f"one commit of one row on {name}", "", f"{1000 / commits:.1f} ms", "")


def _measured(server: int, act: Callable[[], object], seconds: float) -> tuple[Timing, float]:
    """The times of an act, eight at a time, and the server’s processor seconds for each."""
    time_repeatedly([act] * AT_ONCE, seconds=WARM_UP)
    before = processor_seconds(server)
    timing = time_repeatedly([act] * AT_ONCE, seconds=seconds)
    return timing, (processor_seconds(server) - before) / len(timing.seconds)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
