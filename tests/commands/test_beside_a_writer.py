"""Commands that only read take no write lock, and wait for nobody who has it (promises 3.2)."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import engine
from surveyapp.planning.models import Audit
from tests.commands.terminal import Run
from tests.row_maker import Maker


@pytest.mark.parametrize("command", ["status 1", "collate 1", "chasers 1", "verify-returns", "log --verify"])
def test_a_command_that_only_reads_answers_while_somebody_writes(
    run: Run, make: Maker, session: Session, command: str
) -> None:
    make.audit(cases=2, agencies=1)
    session.rollback()
    with engine().connect() as writer:
        writer.execute(update(Audit).values(key_message="Wait."))
        result = run(*command.split())
        writer.rollback()
    assert result.exit_code == 0, result.stderr
