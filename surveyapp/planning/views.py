"""URL map of planning's pages."""

from flask import Blueprint

from surveyapp.foundation.tables.posted_table import FIELD_PREFIXES, HIDDEN_FIELDS
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.planning import audit_pages
from surveyapp.planning.audit_copy import pages as audit_copy_pages
from surveyapp.planning.cases import pages as case_pages
from surveyapp.planning.cases import table_pages as case_table_pages
from surveyapp.planning.grid import agency_pages as grid_agency_pages
from surveyapp.planning.grid import copy_pages as grid_copy_pages
from surveyapp.planning.grid import pages as grid_pages
from surveyapp.planning.grid import table_pages as grid_table_pages
from surveyapp.planning.programme import pages as programme_pages
from surveyapp.planning.references import pages as reference_pages
from surveyapp.planning.removal import pages as removal_pages
from surveyapp.planning.setup import pages as set_up_pages

bp = Blueprint("planning", __name__)
# An uploaded file or table, what its preview showed and the choices on it; the buttons, lists and ticks of
# the grid, and what its page showed; what the page of references showed.
name_unread_fields(
    bp,
    hidden=(
        "content",
        "next",
        "next-page",
        "shown_days",
        "whole",
        "last",
        "rows",
        "columns",
        "change",
        "match",
        *HIDDEN_FIELDS,
    ),
    prefixes=("seen-", *FIELD_PREFIXES),
    ticks=("cell", "agency"),
)

_BOTH = ["GET", "POST"]
_AUDIT = "/audits/<int:audit_id>"
_CASE = f"{_AUDIT}/cases/<int:case_id>"

bp.add_url_rule("/audits/from-file", view_func=set_up_pages.set_up_from_file, methods=_BOTH)
bp.add_url_rule("/audits/from-file/blank", view_func=set_up_pages.send_blank_workbook)

bp.add_url_rule("/audits/new", view_func=audit_pages.plan_audit, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/edit", view_func=audit_pages.change_audit, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/copy", view_func=audit_copy_pages.copy_audit, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/set-up", view_func=audit_pages.show_set_up)

bp.add_url_rule("/programme", view_func=programme_pages.show_programme)
bp.add_url_rule(f"{_AUDIT}/theme", view_func=programme_pages.show_theme)
bp.add_url_rule(f"{_AUDIT}/theme", view_func=programme_pages.approve_theme, methods=["POST"])

bp.add_url_rule(f"{_AUDIT}/delete", view_func=removal_pages.delete_audit, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/set-aside", view_func=removal_pages.set_audit_aside, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/bring-back", view_func=removal_pages.bring_audit_back, methods=["POST"])
bp.add_url_rule("/audits/set-aside", view_func=removal_pages.list_audits_set_aside)

bp.add_url_rule(f"{_AUDIT}/cases", view_func=case_pages.list_cases)
bp.add_url_rule(f"{_AUDIT}/cases/several", view_func=case_pages.add_several_cases, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/cases/add", view_func=case_pages.add_case, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/cases/from-file", view_func=case_table_pages.import_cases, methods=_BOTH)
bp.add_url_rule(_CASE, view_func=case_pages.change_case, methods=_BOTH)
bp.add_url_rule(f"{_CASE}/remove", view_func=case_pages.remove_case, methods=["POST"])

bp.add_url_rule(f"{_AUDIT}/grid", view_func=grid_pages.show_grid)
bp.add_url_rule(f"{_AUDIT}/grid", view_func=grid_pages.tick_cells, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/grid/undo", "undo_grid_change", grid_pages.undo_change, methods=["POST"])
_GRID_COPY = f"{_AUDIT}/grid/copy"
bp.add_url_rule(_GRID_COPY, "show_grid_copy", grid_copy_pages.show_copy)
bp.add_url_rule(_GRID_COPY, view_func=grid_copy_pages.copy_grid, methods=["POST"])
_FOR_CHILD = f"{_CASE}/agencies"
bp.add_url_rule(f"{_FOR_CHILD}/add", view_func=grid_agency_pages.add_agency_for_child, methods=_BOTH)
bp.add_url_rule(f"{_FOR_CHILD}/tick", view_func=grid_agency_pages.tick_agency_for_child, methods=["POST"])
_GRID_AGENCIES = f"{_AUDIT}/grid/agencies"
bp.add_url_rule(_GRID_AGENCIES, "show_grid_agencies", grid_agency_pages.show_agencies)
bp.add_url_rule(_GRID_AGENCIES, "choose_grid_agencies", grid_agency_pages.choose_agencies, methods=["POST"])

bp.add_url_rule(f"{_AUDIT}/grid/from-file", view_func=grid_table_pages.import_ticks, methods=_BOTH)

bp.add_url_rule(f"{_AUDIT}/references", view_func=reference_pages.show_references)
bp.add_url_rule(f"{_AUDIT}/references", view_func=reference_pages.save_references, methods=["POST"])
