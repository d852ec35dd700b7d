"""The operation that stores a set-up file as an audit."""

from collections.abc import Mapping
from datetime import datetime

from surveyapp.agencies.directory_import.directory_comparison import plan_directory
from surveyapp.agencies.directory_import.operations import DIRECTORY_CHANGED, write_directory
from surveyapp.agencies.locks import lock_directory
from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.cases.operations import add_cases
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.operations import tick_cells
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import plan_audit
from surveyapp.planning.references.operations import write_references
from surveyapp.planning.setup.setup_schema import SetUp

# Of an edit conflict: the page shows the file beside the directory as it is now.
LOOK_AGAIN = "Nothing was stored. What is stored now is below: look at it again, then set up the audit."


def set_up_audit(
    set_up: SetUp,
    *,
    choices: Mapping[str, str] | None = None,
    seen: str | None = None,
    actor: str,
    now: datetime,
) -> Audit:
    """Store an audit from a set-up file, with its cases, grid and references, and change the directory.

    `choices` say for each difference between file and directory which of them is right, as `plan_directory`
    reads them. `seen` is the plan's digest when they were shown: raises EditConflict if the directory has
    changed since. Raises the refusals of the single operations.
    """
    audit = plan_audit(set_up.details, actor=actor, now=now)
    plan = plan_directory(set_up.imported_agencies, lock_directory(), choices or {})
    check_unchanged(seen, plan.seen, message=DIRECTORY_CHANGED, way_on=LOOK_AGAIN)
    written = write_directory(plan, actor=actor, now=now)
    agencies = {name_key(named.name): agency for named, agency in zip(set_up.agencies, written, strict=True)}
    cases = add_cases(audit, [case.details for case in set_up.cases], actor=actor, now=now)
    ticked = [
        TickedCell(case.id, agencies[name_key(name)].id)
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name in set_up_case.agencies
    ]
    tick_cells(audit, ticked, actor=actor, now=now)
    references = {
        TickedCell(case.id, agencies[name_key(name)].id): reference
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name, reference in set_up_case.references.items()
    }
    write_references(audit, references, actor=actor, now=now)
    return audit
