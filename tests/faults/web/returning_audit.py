"""An audit whose contacts return while something fails, and what is counted afterwards."""

import csv
import io
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.chasing.operations import chase
from surveyapp.chasing.slots import slot_on
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import add_working_days, working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.planning.models import Audit
from tests.accounts import staff_row
from tests.faults.conftest import FaultInstallation
from tests.faults.figures import FigureNotes
from tests.faults.served.visitor import Visitor
from tests.faults.web.returning_contacts import AskedGrant, Confirmation, ReturningResult
from tests.row_maker import Maker

EMAIL, PASSWORD = "audits@partnership.example", "not worth guessing"


class ReturningAudit:
    """An issued audit with a chaser to each contact in the outbox."""

    def __init__(self, installation: FaultInstallation, *, contacts: int, cases: int) -> None:
        self.installation, self.contacts, self.requests = installation, contacts, contacts * cases
        with installation.app.app_context():
            quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
            session.add(staff_row(email=EMAIL, password_hash=quick.hash(PASSWORD)))
            now = clock.now()
            make, due_on = Maker(now), add_working_days(clock.local_day(now), 10)
            last_day = due_on + timedelta(days=28)
            audit = make.audit(cases=cases, agencies=contacts, due_on=due_on, close_on=last_day)
            asked, grants = make.requests(audit), make.grants(audit)
            self.id = audit.id
            self.grants = [
                AskedGrant(
                    grant.id,
                    link_for(grant),
                    {request.id: request.public_id for request in asked if request.grant_id == grant.id},
                )
                for grant in grants
            ]
            session.rollback()
        installation.change(self._chase_everybody)

    def _chase_everybody(self) -> None:
        # On the next working day, so that the test runs at weekends too.
        day = add_working_days(clock.local_day(clock.now()), 1)
        slot = slot_on(session.get_one(Audit, self.id), day, working_calendar())
        assert len(chase(slot, actor="Manager", now=clock.now())) == self.contacts

    def settle_mail(self) -> None:
        """Let every message end, whose worker may have been killed."""
        self.installation.mail_server.mode = "ok"
        self.installation.lapse()
        self.installation.wait_for(queued=0, sending=0)

    def settle_mail_with_a_worker(self) -> None:
        """The same where no worker runs any more."""
        self.installation.start_worker()
        self.settle_mail()

    def check(self, met: ReturningResult, figure: FigureNotes, port: int) -> None:
        """Check that everybody was confirmed, that what was confirmed is stored once, and all mail."""
        assert met.surprises == []
        assert len(met.confirmations) == self.requests, "everybody was confirmed in the end"
        lost = [confirmation for confirmation in met.confirmations if not self._is_stored(confirmation)]
        assert lost == []
        assert self._late_chasers(met.confirmations) == []
        assert self._counts_of_pages(port) == {"page": self.requests, "csv": self.requests}
        assert self._leaks() == []
        figure.count(
            confirmed=len(met.confirmations), confirmed_lost=len(lost), **self._count_messages(figure)
        )

    def _is_stored(self, confirmation: Confirmation) -> bool:
        """Whether a confirmed return has one row, returned by one press, with the words that were typed."""
        mine = Return.request_id == confirmation.request_id

        def rows(db: Any) -> tuple[list[Any], list[Any]]:
            stored = (
                select(Return.returned_at, Answer.text)
                .join(Revision, Revision.id == Return.current_revision_id)
                .join(Answer, Answer.revision_id == Revision.id)
                .where(mine, Answer.text.is_not(None))
            )
            presses = select(Revision.id).join(Return, Return.id == Revision.return_id)
            return db.execute(stored).all(), db.execute(presses.where(mine, Revision.kind == "submit")).all()

        stored, presses = self.installation.ask(rows)
        return (
            len(stored) == len(presses) == 1
            and stored[0].returned_at is not None
            and stored[0].text == confirmation.words
        )

    def _count_messages(self, figure: FigureNotes) -> dict[str, int]:
        """Count what the mail server accepted, by Message-ID, against the outbox."""
        rows = {row.message_id: row for row in self.installation.rows()}
        taken = Counter(message.id for message in self.installation.mail_server.accepted)
        assert set(taken) <= set(rows), "every message comes from the outbox"
        receipts = [row for row in rows.values() if row.kind == "receipt"]
        chasers = [row for row in rows.values() if row.kind == "chaser"]
        assert len(receipts) == self.requests, "one receipt for each return"
        assert len(chasers) == self.contacts, "one chaser for each contact"
        lost = [row for row in rows.values() if row.state == "sent" and not taken[row.message_id]]
        twice = [row for row in chasers if taken[row.message_id] > 1]
        assert lost == []
        assert twice == []
        assert {row.state for row in receipts} == {"sent"}
        assert {row.state for row in chasers} <= {"sent", "cancelled", "doubtful"}
        assert not [row for row in chasers if row.state == "cancelled" and taken[row.message_id]]
        states = Counter(row.state for row in chasers)
        repeated = taken.total() - len(taken)
        figure(
            f"{len(rows)} messages: {len(receipts)} receipts; of {len(chasers)} chasers "
            f"{states['sent']} sent, {states['cancelled']} cancelled and {states['doubtful']} not certain; "
            f"{repeated} repeated"
        )
        return {
            "messages": len(rows),
            "messages_lost": len(lost),
            "chasers_twice": len(twice),
            "repeated": repeated,
            "doubtful": states["doubtful"],
        }

    def _late_chasers(self, confirmations: list[Confirmation]) -> list[Outbox]:
        """Chasers that were handed over after a contact saw that everything is returned."""
        last_seen = defaultdict[int, float](float)
        for confirmation in confirmations:
            last_seen[confirmation.grant_id] = max(last_seen[confirmation.grant_id], confirmation.at)
        return [
            row
            for row in self.installation.rows()
            if row.kind == "chaser"
            and row.handed_over_at is not None
            and row.handed_over_at.timestamp() > last_seen[row.subject_id]
        ]

    def _counts_of_pages(self, port: int) -> dict[str, int]:
        """How many returns the audit's page and its CSV file count."""
        manager = Visitor(port)
        manager.get("/sign-in")
        assert manager.post("/sign-in", email=EMAIL, password=PASSWORD).status == 303
        page = manager.get(f"/audits/{self.id}").words
        returned = int(page.partition(" returned (")[0].rpartition(" of ")[0].rpartition(" ")[2])
        exported = manager.get(f"/audits/{self.id}/collation/export.csv").text.removeprefix("\ufeff")
        rows = csv.DictReader(io.StringIO(exported))
        return {"page": returned, "csv": len({row["request"] for row in rows if row["returned_at"]})}

    def _leaks(self) -> list[str]:
        """Links and typed words in what any process has written to its log."""
        written = self.installation.log
        secrets = ["What we know of request", PASSWORD, *(grant.link[-27:-1] for grant in self.grants)]
        return [secret for secret in secrets if secret in written]
