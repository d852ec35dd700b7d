"""The disk fills up while somebody saves: nothing confirmed and nothing typed is lost (promises D3)."""

import resource
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases import copy_of
from tests.faults.conftest import FaultInstallation
from tests.faults.figures import FigureNotes
from tests.faults.web.asked_once import AskedOnce, says_could_not_save
from tests.faults.web.web_server import WebServer

pytestmark = pytest.mark.sqlite

# Bytes of a disk on which the database of a test just fits.
SMALL_DISK = 6_000_000
TYPED = "Nobody asked the child in May. " * 500


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of SMALL_DISK bytes, mounted below `folder`; skips the test where nothing may be mounted."""
    place = folder / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(place)]
    mounted = subprocess.run(command, check=False, capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"No disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """Fill a disk to its last byte, by the file “filler”."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def save_until_refused(
    asked: AskedOnce, server: WebServer, full: Callable[[], None], free: Callable[[], None]
) -> int:
    """Save until the full disk takes no more, then free it; returns how many were confirmed meanwhile."""
    browser = asked.opens_the_form(server.port)
    assert asked.saves(browser, "Before.").status == 303
    browser.get(asked.page)
    full()
    confirmed = ["Before."]
    # Free pages within the file take a few.
    for number in range(200):
        words = f"{number}: {TYPED}".strip()
        answer = asked.saves(browser, words)
        if answer.status != 303:
            break
        confirmed.append(words)
        browser.get(asked.page)
    assert says_could_not_save(answer, words), answer.words[:500]
    assert [text for _kind, text in asked.revisions()] == confirmed
    assert browser.get(asked.page).status == 200, "pages are still shown"
    free()
    assert asked.saves(browser, words).status == 303
    assert [text for _kind, text in asked.revisions()] == [*confirmed, words]
    with closing(sqlite3.connect(str(make_url(asked.installation.database).database))) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return len(confirmed) - 1


def test_p1_p2_d3_a_full_disk_costs_nothing_confirmed_and_nothing_typed(
    template_database: str, tmp_path: Path, figure: FigureNotes
) -> None:
    with small_disk(tmp_path) as disk, copy_of(template_database, disk) as database:
        installation = FaultInstallation(database, tmp_path)
        try:
            server, asked = WebServer(installation), AskedOnce(installation)
            server.start()
            confirmed = save_until_refused(asked, server, lambda: fill(disk), (disk / "filler").unlink)
            figure(f"{confirmed} saves confirmed on a full disk before one was refused; all are there")
        finally:
            installation.end()


def test_p1_p2_d3_a_file_that_may_not_grow_costs_nothing_confirmed_and_nothing_typed(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    server, asked = WebServer(installation), AskedOnce(installation)
    server.start()
    file = Path(str(make_url(installation.database).database))

    def limit(size: int) -> None:
        for process in server.web_processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    confirmed = save_until_refused(
        asked, server, lambda: limit(file.stat().st_size), lambda: limit(resource.RLIM_INFINITY)
    )
    figure(f"{confirmed} saves confirmed by a file that may not grow before one was refused; all are there")
