"""Keys are rotated while contacts answer, and the rotation is killed: no text is lost (promises D12).

It took two and a half minutes on two cores that were busy with much else.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, insert, select

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.commands.keys.text_rotation import texts_under_old_keys
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import read_key_file
from surveyapp.issuing.links import link_for, token_in
from tests.bench.served import HttpBrowser
from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.row_maker import Maker

PEOPLE, STORED, KILLS = 8, 8_000, 3
ROOT = Path(__file__).parents[2]


@dataclass
class SavingContact:
    """A contact who saves a text again and again, and reads on the form what was saved before."""

    token: str
    public_id: str
    saved: list[str] = field(default_factory=list)
    met: list[BaseException] = field(default_factory=list)

    def save_until(self, ended: threading.Event, port: int) -> None:
        """Save and read until the event is set, then return the audit; what goes wrong is in `met`."""
        browser, form = HttpBrowser(port), f"/returns/{self.public_id}/"
        try:
            browser.get(f"/r/{self.token}/")
            browser.post("/start/", token=self.token)
            while not ended.is_set():
                page = browser.get(form)
                assert not self.saved or self.saved[-1] in page, "The page shows what was saved last."
                said = f"Seen {len(self.saved)} times by {self.public_id}"
                fields = {"supervision": "yes", "supervision-comment": said, "next-step": "save"}
                browser.post(form, **fields)
                self.saved.append(said)
                ended.wait(0.05)
        except BaseException as error:  # noqa: BLE001 — the browser leaves by SystemExit at a wrong page
            self.met.append(error)


def filled(installation: FaultInstallation) -> list[SavingContact]:
    """An audit with eight contacts to answer, and a return with eight thousand texts."""
    with installation.app.app_context():
        make, today = Maker(clock.now()), clock.local_day(clock.now())
        later = today.replace(year=today.year + 1, day=1)
        audit = make.audit(cases=2, agencies=PEOPLE, due_on=later, close_on=later)
        others, people = make.requests(audit)[:PEOPLE], make.requests(audit)[PEOPLE:]
        revision_id = make.returned(others[0]).current_revision_id
        rows = [
            {"revision_id": revision_id, "question": f"q{n}", "item": "comment", "text": f"Kept {n}."}
            for n in range(STORED)
        ]
        session.execute(insert(Answer), rows)
        session.commit()
        contacts = [SavingContact(token_in(link_for(asked.grant)), asked.public_id) for asked in people]
        session.rollback()
    return contacts


@contextmanager
def saving(contacts: list[SavingContact], port: int) -> Iterator[None]:
    """Let all contacts save until the block ends."""
    ended = threading.Event()
    threads = [threading.Thread(target=contact.save_until, args=(ended, port)) for contact in contacts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def command(installation: FaultInstallation, *words: str) -> subprocess.Popen[str]:
    """Start `flask survey …` on the installation."""
    settings = {f"FLASK_{name}": str(value) for name, value in installation.settings.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "survey", *words],
        env={**os.environ, **settings, "SURVEYAPP_FOLDER": str(installation.folder)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ran(installation: FaultInstallation, *words: str) -> str:
    """What a command printed; AssertionError unless it succeeded."""
    with command(installation, *words) as process:
        printed = process.communicate(timeout=300)[0]
    assert process.returncode == 0, printed
    return printed


def killed_after(installation: FaultInstallation, texts: int) -> None:
    """Start a rotation, and kill it once it has encrypted this many texts."""
    with command(installation, "rotate-keys") as rotation:
        # Until the first of them there is no new key, under which everything would count.
        wait_until(
            lambda: 0 < left_to_do(installation) <= STORED - texts, f"{texts} texts are encrypted", 120
        )
        rotation.kill()


def left_to_do(installation: FaultInstallation) -> int:
    """How many texts are not encrypted with the newest data key; a command counts as this does."""
    with installation.app.app_context():
        return sum(texts_under_old_keys().values())


def answers(installation: FaultInstallation) -> dict[str, str]:
    """The stored texts of the large return, by question: each is decrypted."""
    texts = select(Answer.question, Answer.text).where(Answer.question.like("q%"), Answer.text.is_not(None))
    found: dict[str, str] = installation.ask(lambda db: dict(db.execute(texts).all()))
    return found


def last_saved(installation: FaultInstallation) -> set[str]:
    """The texts that count now, as the app reads them."""
    counting = (
        select(Answer.text)
        .join(Revision, Revision.id == Answer.revision_id)
        .join(Return, Return.current_revision_id == Revision.id)
        .where(Answer.question == "supervision", Answer.text.is_not(None))
    )
    found: set[str] = installation.ask(lambda db: set(db.scalars(counting)))
    return found


def test_d12_keys_are_rotated_while_contacts_answer_and_killed_half_way_and_no_text_is_lost(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    # The cookies follow the key file as well.
    del installation.settings["SECRET_KEY"]
    contacts, file = filled(installation), Path(installation.settings["SURVEY_KEY_FILE"])
    begun, port = time.monotonic(), installation.serve("gunicorn")
    with saving(contacts, port):
        all_save_again(contacts)
        for kill in range(1, KILLS + 1):
            killed_after(installation, kill * STORED // (KILLS + 1))
            assert len(answers(installation)) == STORED, "All of them open, under either key."
        assert len(read_key_file(file).data) == 2, "A rotation that was killed is finished, not begun anew."
        assert "of an earlier rotation are left" in ran(installation, "rotate-keys")
        rotating = time.monotonic()
        while "New keys are in use: link, data and secret." not in ran(installation, "rotate-keys"):
            """Finish what was saved while the first new key came."""
        whole = time.monotonic() - rotating
        all_save_again(contacts)
        drop_old_keys(installation, file)
        all_save_again(contacts)
    met = [repr(error) for contact in contacts for error in contact.met]
    assert met == [], "No request failed, and nobody was signed out."
    assert answers(installation) == {f"q{number}": f"Kept {number}." for number in range(STORED)}
    assert last_saved(installation) == {contact.saved[-1] for contact in contacts}
    presses = sum(len(contact.saved) for contact in contacts)
    saves = select(func.count()).select_from(Revision).where(Revision.kind == "save")
    assert installation.ask(lambda db: db.scalar(saves)) == presses, "Every press of Save is kept."
    assert "does not open" not in (installation.folder / "worker.log").read_text(encoding="utf-8")
    figure.count(kills=KILLS)
    figure(
        f"{STORED:,} texts and {presses} saves of {PEOPLE} contacts, {KILLS} kills: 0 texts lost, "
        f"0 requests failed; a whole rotation {whole:.0f} s, all {time.monotonic() - begun:.0f} s"
    )


def all_save_again(contacts: list[SavingContact]) -> None:
    """Wait until every contact has saved twice from now on, or something has gone wrong."""
    before = {contact.public_id: len(contact.saved) for contact in contacts}

    def saved() -> bool:
        return all(len(contact.saved) > before[contact.public_id] + 1 or contact.met for contact in contacts)

    wait_until(saved, "everybody saves")


def drop_old_keys(installation: FaultInstallation, file: Path) -> None:
    """Drop the old keys of texts and cookies, as if a minute had passed since the rotation."""
    while left_to_do(installation):
        ran(installation, "rotate-keys", "data")
    os.utime(file, (time.time() - 120, time.time() - 120))
    printed = ran(installation, "rotate-keys", "--drop-old", "data", "secret", "--yes")
    assert "of the ring “data” dropped" in printed
    assert len(read_key_file(file).data) == 1
