"""The page on which staff enter each agency's own reference for its file on a child."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit
from surveyapp.planning.references.operations import (
    LONGEST_REFERENCE,
    ReferencesChanged,
    ReferenceTooLong,
    write_references,
)
from surveyapp.planning.references.queries import agency_references


def show_references(audit_id: int) -> ResponseReturnValue:
    """Show the references, to fill in."""
    audit = queries.audit_by_id(audit_id)
    references = agency_references(audit)
    return _page(audit, references, references)


def save_references(audit_id: int) -> ResponseReturnValue:
    """Store the typed references."""
    typed_texts, seen_texts = _posted_cells("reference"), _posted_cells("seen")
    actor, now = acting_staff().name, clock.now()
    try:
        with transaction():
            audit = queries.audit_by_id(audit_id)
            changed = write_references(audit, typed_texts, seen=seen_texts, actor=actor, now=now)
    except ReferenceTooLong as error:
        long = {error.cell: f"Use {LONGEST_REFERENCE} characters or fewer"}
        return _page(queries.audit_by_id(audit_id), typed_texts, seen_texts, long), 422
    except ReferencesChanged as error:
        messages = {
            cell: f"Someone else wrote “{stored_text}” here. Save again to put yours in its place"
            if stored_text
            else "Someone else emptied this. Save again to put yours there"
            for cell, stored_text in error.there.items()
        }
        return _page(queries.audit_by_id(audit_id), typed_texts, {**seen_texts, **error.there}, messages), 409
    flash(f"{counted(changed, 'reference')} saved." if changed else "Nothing was changed.", "success")
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def _posted_cells(prefix: str) -> dict[TickedCell, str]:
    """The posted text of each cell, from fields such as "reference-12-3" (case id, agency id)."""
    shape = re.compile(rf"{prefix}-([0-9]{{1,9}})-([0-9]{{1,9}})")
    matches = ((shape.fullmatch(name), text) for name, text in request.form.items())
    return {TickedCell(int(name[1]), int(name[2])): clean_line(text) for name, text in matches if name}


def _page(
    audit: Audit,
    typed_texts: dict[TickedCell, str],
    seen_texts: dict[TickedCell, str],
    messages: dict[TickedCell, str] | None = None,
) -> str:
    planned = planned_grid(audit)
    messages = messages or {}
    cases = {case.id: case.pseudonym for case in planned.cases}
    agencies = [
        (
            agency.name,
            [
                {
                    "id": f"{case_id}-{agency.id}",
                    "case": pseudonym,
                    "text": typed_texts.get(TickedCell(case_id, agency.id), ""),
                    "seen": seen_texts.get(TickedCell(case_id, agency.id), ""),
                    "error": messages.get(TickedCell(case_id, agency.id), ""),
                }
                for case_id, pseudonym in cases.items()
                if TickedCell(case_id, agency.id) in planned.ticked
            ],
        )
        for agency in planned.asked
    ]
    return render_template(
        "survey/planning/references.html",
        audit=audit,
        agencies=agencies,
        errors=[(words, f"#reference-{cell.case_id}-{cell.agency_id}") for cell, words in messages.items()],
    )
