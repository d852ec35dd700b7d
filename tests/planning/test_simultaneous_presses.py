"""Two presses of the same button at the same moment."""

import contextvars
import secrets
import threading
from collections.abc import Callable
from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.planning import operations
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import add_cases
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.grid.operations import tick_cells
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING
from tests.row_maker import FORM, Maker


def both_at_once(app: Flask, act: Callable[[], object]) -> list[str]:
    """Press the same button twice at the same moment; returns the refusals."""
    refusals: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act()
            except Refused as error:
                refusals.append(type(error).__name__)
            app.extensions["sqlalchemy"].session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(press,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_two_simultaneous_presses_store_an_audit_a_case_and_a_tick_once(
    app: Flask, make: Maker, session: Session
) -> None:
    audit_id = make.audit(cases=1, agencies=2, issued=False).id
    audit = session.get_one(Audit, audit_id)
    all_ticked = planned_grid(audit).ticked
    with transaction():
        tick_cells(audit, (), **ACTING)
    for _ in range(3):
        twice = AuditDetails(f"Twice {secrets.token_hex(3)}", FORM)
        refusals = both_at_once(app, partial(operations.plan_audit, twice, **ACTING))
        assert refusals in (["AuditExists"], ["ConcurrentChange"])

    def add() -> None:
        add_cases(session.get_one(Audit, audit_id), [CaseDetails("Child 2")], **ACTING)

    def tick() -> None:
        tick_cells(session.get_one(Audit, audit_id), all_ticked, **ACTING)

    assert both_at_once(app, add) == ["CaseExists"]
    assert both_at_once(app, tick) == []
    assert planned_grid(session.get_one(Audit, audit_id)).ticked == all_ticked
