"""The pages of a grid's agencies: choosing them, and adding one for one child."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_

from surveyapp.agencies.models import Agency
from surveyapp.agencies.operations import AgencyExists, InvalidContactAddress
from surveyapp.agencies.queries import agencies_by_name, agency_by_id, all_agencies
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries as audits
from surveyapp.planning.grid import agency_operations, queries
from surveyapp.planning.grid.forms import AgencyForChildForm
from surveyapp.planning.grid.grid import PlannedGrid
from surveyapp.planning.models import Audit

# A directory of up to so many agencies is ticked whole while none is chosen and there is no earlier audit.
_SMALL_DIRECTORY = 20
# The earlier audits whose agencies the page offers.
_MOST_AUDITS_OFFERED = 5


@dataclass(frozen=True)
class _Choice:
    """One agency on the page: whether its box is ticked, and what is in the grid, which keeps it there."""

    agency: Agency
    is_ticked: bool
    in_use: str = ""

    @property
    def words(self) -> str:
        """What staff have to know of it besides its name."""
        nobody = "" if self.agency.answering_contact else "nobody to ask yet"
        return ", ".join(filter(None, (self.in_use, nobody)))


def show_agencies(audit_id: int) -> ResponseReturnValue:
    """Show every agency of the directory by kind, with those of this audit ticked."""
    audit = audits.audit_by_id(audit_id)
    planned, offered = queries.planned_grid(audit), _audits_offered(audit)
    directory = _directory(planned)
    ticked = {agency.id for agency in planned.agencies}
    like = next((other for other in offered if str(other.id) == request.args.get("like", "")), None)
    if not ticked and like is None:
        like = offered[0] if offered else None
        if like is None and len(directory) <= _SMALL_DIRECTORY:
            ticked = {agency.id for agency in directory}
    if like is not None:
        ticked |= queries.chosen_agency_ids(like)
    return _agencies_page(planned, ticked, directory=directory, audit=audit, offered=offered, like=like)


def choose_agencies(audit_id: int) -> ResponseReturnValue:
    """Store which agencies the grid shows; those that a search left out stay as they are."""
    audit = audits.audit_by_id(audit_id)
    chosen = _posted_ids("agency") | _whole_kind()
    try:
        with transaction():
            saved = agency_operations.choose_agencies(
                audit, chosen, seen=_posted_ids("seen"), **actor_and_now()
            )
            size = counted(len(saved.agencies), "agency", "agencies")
    except SurveyError as error:
        message = f"{error.message} {error.way_on}".strip()
        page = _agencies_page(
            queries.planned_grid(audit),
            chosen,
            directory=_directory(queries.planned_grid(audit)),
            audit=audit,
            offered=_audits_offered(audit),
            errors=(message,),
        )
        return page, error.status
    pressed = request.form.get("next", "")
    if pressed in {"search", "kind"}:
        words = clean_line(request.form.get("words", "")) if pressed == "search" else ""
        return redirect(
            url_for("survey.planning.show_grid_agencies", audit_id=audit_id, words=words or None), 303
        )
    flash(f"{size} in the grid.", "success")
    return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)


def _posted_ids(name: str) -> set[int]:
    """Ids from boxes, or from one hidden line; values of another shape come from no page and are ignored."""
    values = " ".join(request.form.getlist(name)).split()
    return {int(value) for value in values if re.fullmatch(r"[0-9]{1,9}", value)}


def _whole_kind() -> set[int]:
    """Every agency of the kind that was chosen in a browser without JavaScript."""
    if request.form.get("next") != "kind":
        return set()
    of_kind = (Agency.kind == request.form.get("whole", ""), Agency.set_aside_at.is_(None))
    return {agency.id for agency in all_agencies(*of_kind)}


def _directory(planned: PlannedGrid) -> list[Agency]:
    """The agencies to choose from: those of the directory, and any of this grid that was set aside since."""
    here = [agency.id for agency in planned.agencies]
    return all_agencies(or_(Agency.set_aside_at.is_(None), Agency.id.in_(here)))


def _audits_offered(audit: Audit) -> list[Audit]:
    return queries.audits_with_agencies(besides=audit)[:_MOST_AUDITS_OFFERED]


def _agencies_page(  # noqa: PLR0913 — what the page shows
    planned: PlannedGrid,
    ticked: Collection[int],
    *,
    directory: Collection[Agency],
    audit: Audit,
    offered: Collection[Audit],
    like: Audit | None = None,
    errors: tuple[str, ...] = (),
) -> str:
    words = clean_line(request.args.get("words", ""))
    cells = [cell.agency_id for cell in planned.ticked]
    said = {cell.agency_id for cell in queries.involvement_answers(audit)}
    choices: dict[str, list[_Choice]] = {}
    for agency in directory:
        if words.casefold() in agency.name.casefold():
            ticks = counted(cells.count(agency.id), "tick") if agency.id in cells else ""
            in_use = ticks or ("has answered" if agency.id in said else "")
            choices.setdefault(agency.kind, []).append(_Choice(agency, agency.id in ticked, in_use))
    shown = {choice.agency.id for group in choices.values() for choice in group}
    return render_template(
        "survey/planning/grid_agencies.html",
        audit=audit,
        groups=[(kind, AGENCY_KINDS.get(kind, kind), group) for kind, group in choices.items()],
        seen=" ".join(str(agency.id) for agency in planned.agencies if agency.id in shown),
        is_empty=not directory,
        words=words,
        like=like,
        offered=[other for other in offered if other is not like],
        errors=errors,
    )


def add_agency_for_child(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Add an agency that knows one child, with its contact, and tick it for that child."""
    case, form = audits.case_by_id(audit_id, case_id), AgencyForChildForm()
    existing = None
    if form.validate_on_submit():
        try:
            with transaction():
                agency_operations.add_agency_for_child(case, form.agency(), **actor_and_now())
                pseudonym = case.pseudonym
        except AgencyExists as error:
            form.name.errors = [error.message]
            existing = agencies_by_name().named(form.name.data or "")
        except InvalidContactAddress as error:
            form.email.errors = [error.message]
        except SurveyError as error:
            form.name.errors = [f"{error.message} {error.way_on}".strip()]
        else:
            flash(f"{form.name.data} added, and ticked for {pseudonym}.", "success")
            return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)
    page = render_template(
        "survey/planning/agency_for_child.html",
        form=form,
        case=case,
        existing=existing,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def tick_agency_for_child(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Tick an agency of the directory for one child, instead of adding it again."""
    with transaction():
        case = audits.case_by_id(audit_id, case_id)
        (agency_id,) = _posted_ids("agency") or {0}
        agency = agency_by_id(agency_id)
        agency_operations.tick_for_child(case, agency, **actor_and_now())
        name, pseudonym = agency.name, case.pseudonym
    flash(f"{name} is ticked for {pseudonym}.", "success")
    return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)
