"""A backup of before a purge comes back without what was purged (promises P18, G3)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for, token_in
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from surveyapp.retention.models import PurgeCertificate
from surveyapp.retention.purging.purge_operations import purge_by_hand
from tests.commands.terminal import Run
from tests.commands.test_restore import backup as backup  # noqa: PLC0414 — a fixture of these tests too
from tests.commands.test_restore import database as database  # noqa: PLC0414 — likewise
from tests.retention.conftest import CLOSED, Worker
from tests.retention.conftest import full_audit as full_audit  # noqa: PLC0414 — likewise
from tests.retention.conftest import working as working  # noqa: PLC0414 — likewise
from tests.retention.purging.test_nothing_is_left import PURGED_WORDS, values_of_every_row

pytestmark = pytest.mark.slow


def test_p18_an_audit_purged_after_the_backup_is_purged_again_before_anything_is_served(
    run: Run, full_audit: Audit, working: Worker, session: Session, backup: Callable[[], Path]
) -> None:
    audit_id, title = full_audit.id, full_audit.title
    token = token_in(link_for(session.scalars(select(Grant).where(Grant.audit_id == audit_id)).all()[0]))
    working.works_at(CLOSED)
    made = backup()
    working.clock.shift(timedelta(days=1))
    working.knows_the_date()
    with transaction():
        purge_by_hand(
            session.get_one(Audit, audit_id),
            typed_title=title,
            actor="Ann Lee",
            now=clock.now(),
        )
    working.goes_on()
    before = session.scalars(select(PurgeCertificate.purged_by)).all()
    assert before == ["Ann Lee"]
    said = run("restore", made)
    assert said.exit_code == 0, said.stderr
    assert "1 purged audit." in said.stdout
    # Nothing has run since: neither a worker nor a page.
    values = values_of_every_row(session)
    assert [word for word in PURGED_WORDS if word in values] == []
    assert session.scalar(select(func.count()).select_from(Return)) == 0
    again = session.scalars(select(PurgeCertificate)).one()
    assert again.finished_at is not None
    assert again.audit_id == audit_id
    assert again.removed["survey_return"] > 0
    session.rollback()
    with pytest.raises(LinkUnknown):
        grant_for_token(token)
