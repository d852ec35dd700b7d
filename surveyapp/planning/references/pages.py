"""The page on which staff enter each agency's own reference for its file on a child."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.models import Agency
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.tables.opened_table import UnreadableTable, open_cells
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.references.operations import (
    LONGEST_REFERENCE,
    ReferencesChanged,
    ReferenceTooLong,
    write_references,
)
from surveyapp.planning.references.pasted_references import PastedReferences, read_pasted
from surveyapp.planning.references.queries import agency_references

REFERENCES_PER_PAGE = 30


@dataclass(frozen=True)
class _Filter:
    """Which cells the page lists: those of one agency, or all; perhaps only those without a reference."""

    agency_id: int | None
    blank: bool

    @property
    def in_address(self) -> dict[str, Any]:
        """The query string that leads back to these cells, without what it leaves open."""
        values = {"agency": self.agency_id, "blank": "1" if self.blank else None}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class _Shown:
    """What the page shows in its fields: typed and stored texts, messages by cell, lines about a paste."""

    typed: Mapping[TickedCell, str]
    seen: Mapping[TickedCell, str]
    messages: Mapping[TickedCell, str] = field(default_factory=dict)
    # What was pasted and could not be used, with the rows that say why.
    pasted: str = ""
    mistakes: tuple[str, ...] = ()
    # Whether the fields hold what was pasted, which is not stored yet.
    is_filled: bool = False


def show_references(audit_id: int) -> ResponseReturnValue:
    """Show the references, to fill in."""
    audit = queries.audit_by_id(audit_id)
    references = agency_references(audit)
    return _page(audit, _Shown(references, references), page=request.args.get("page", 1, type=int))


def save_references(audit_id: int) -> ResponseReturnValue:
    """Store the typed references, or fill the fields in from what was pasted."""
    if request.form.get("fill"):
        return _fill_in(queries.audit_by_id(audit_id), request.form.get("cells", ""))
    typed_texts, seen_texts = _posted_cells("reference"), _posted_cells("seen")
    actor, now = acting_staff().name, clock.now()
    try:
        with transaction():
            audit = queries.audit_by_id(audit_id)
            changed = write_references(audit, typed_texts, seen=seen_texts, actor=actor, now=now)
    except ReferenceTooLong as error:
        long = {error.cell: f"Use {LONGEST_REFERENCE} characters or fewer"}
        return _page(queries.audit_by_id(audit_id), _Shown(typed_texts, seen_texts, long)), 422
    except ReferencesChanged as error:
        messages = {
            cell: f"Someone else wrote “{stored_text}” here. Save again to put yours in its place"
            if stored_text
            else "Someone else emptied this. Save again to put yours there"
            for cell, stored_text in error.there.items()
        }
        seen_texts = {**seen_texts, **error.there}
        return _page(queries.audit_by_id(audit_id), _Shown(typed_texts, seen_texts, messages)), 409
    flash(f"{counted(changed, 'reference')} saved." if changed else "Nothing was changed.", "success")
    if request.form.get("next-page", "").isdecimal():
        address = _filter_from_url().in_address
        page = request.form["next-page"]
        return redirect(
            url_for("survey.planning.show_references", audit_id=audit_id, page=page, **address), 303
        )
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def _fill_in(audit: Audit, cells: str) -> ResponseReturnValue:
    """Show what was pasted in the fields of its cells, to be looked at; 422 if nothing can be used."""
    stored_texts = agency_references(audit)
    try:
        rows = open_cells(cells).sheet.rows if cells.strip() else ()
        pasted = read_pasted(rows, planned_grid(audit))
    except UnreadableTable as error:
        pasted = PastedReferences(mistakes=[f"{error.message}."])
    if not pasted.texts:
        mistakes = tuple(pasted.mistakes) or ("Paste rows with a case, an agency and a reference.",)
        return _page(audit, _Shown(stored_texts, stored_texts, pasted=cells, mistakes=mistakes)), 422
    seen = {cell: stored_texts.get(cell, "") for cell in pasted.texts}
    return _page(audit, _Shown(pasted.texts, seen, mistakes=tuple(pasted.mistakes), is_filled=True))


def _posted_cells(prefix: str) -> dict[TickedCell, str]:
    """The posted text of each cell, from fields such as "reference-12-3" (case id, agency id)."""
    shape = re.compile(rf"{prefix}-([0-9]{{1,9}})-([0-9]{{1,9}})")
    matches = ((shape.fullmatch(name), text) for name, text in request.form.items())
    return {TickedCell(int(name[1]), int(name[2])): clean_line(text) for name, text in matches if name}


def _filter_from_url() -> _Filter:
    """The filter in the URL; values that mean nothing are ignored."""
    return _Filter(request.args.get("agency", None, type=int), request.args.get("blank") == "1")


def _page(audit: Audit, shown: _Shown, page: int = 1) -> str:
    """One page of the cells that the filter leaves; the cells posted alone, where they wait to be saved."""
    planned, wanted = planned_grid(audit), _filter_from_url()
    if shown.is_filled or shown.messages:
        cells = [(case, agency) for case, agency in _in_order(planned) if _cell(case, agency) in shown.typed]
        pages, page = 1, 1
    else:
        cells = [
            (case, agency)
            for case, agency in _in_order(planned)
            if wanted.agency_id in {None, agency.id}
            and not (wanted.blank and shown.typed.get(_cell(case, agency)))
        ]
        pages = max(1, -(-len(cells) // REFERENCES_PER_PAGE))
        page = min(max(1, page), pages)
    begin = (page - 1) * REFERENCES_PER_PAGE if pages > 1 else 0
    listed = cells[begin : begin + REFERENCES_PER_PAGE] if pages > 1 else cells
    return render_template(
        "survey/planning/references.html",
        audit=audit,
        rows=[
            {
                "id": f"{case.id}-{agency.id}",
                "case": case.pseudonym,
                "agency": agency.name,
                "text": shown.typed.get(_cell(case, agency), ""),
                "seen": shown.seen.get(_cell(case, agency), ""),
                "error": shown.messages.get(_cell(case, agency), ""),
            }
            for case, agency in listed
        ],
        first=begin + 1,
        found=len(cells),
        total=len(planned.ticked),
        blank_count=len(planned.ticked) - len(agency_references(audit)),
        agencies=planned.asked,
        wanted=wanted,
        page=page,
        pages=pages,
        # With only blank ones listed, those that were filled in have left the page after it was saved.
        next_page=(page if wanted.blank else page + 1) if page < pages else None,
        shown=shown,
        errors=[
            (words, f"#reference-{cell.case_id}-{cell.agency_id}") for cell, words in shown.messages.items()
        ]
        + [(words, "#cells") for words in shown.mistakes if not shown.is_filled],
    )


def _in_order(planned: PlannedGrid) -> list[tuple[Case, Agency]]:
    """The ticked cells as they are listed: agency by agency, as each sends its own, then by case."""
    return [
        (case, agency)
        for agency in planned.asked
        for case in planned.cases
        if _cell(case, agency) in planned.ticked
    ]


def _cell(case: Case, agency: Agency) -> TickedCell:
    return TickedCell(case.id, agency.id)
