"""URL map of the pages of a sample."""

from flask import Blueprint

from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.sampling import exchange_pages, key_pages, pages

bp = Blueprint("sampling", __name__)
name_unread_fields(bp, hidden=("has_columns",), prefixes=("column-",))

_BOTH = ["GET", "POST"]
_SAMPLE = "/audits/<int:audit_id>/sample"

bp.add_url_rule(_SAMPLE, view_func=pages.show_sample)
bp.add_url_rule(f"{_SAMPLE}/list", view_func=pages.read_list, methods=_BOTH)
bp.add_url_rule(f"{_SAMPLE}/list/remove", view_func=pages.remove_list, methods=["POST"])
bp.add_url_rule(f"{_SAMPLE}/rules", view_func=pages.change_rules, methods=["POST"])
bp.add_url_rule(f"{_SAMPLE}/children", view_func=pages.list_children)
bp.add_url_rule(
    f"{_SAMPLE}/children/<int:number>/exchange", view_func=exchange_pages.exchange_child, methods=_BOTH
)
bp.add_url_rule(f"{_SAMPLE}/children/<int:number>/put-back", view_func=pages.put_back, methods=["POST"])
bp.add_url_rule(f"{_SAMPLE}/cases", view_func=pages.make_cases, methods=["POST"])
bp.add_url_rule(f"{_SAMPLE}/approve", view_func=pages.approve_sample, methods=["POST"])
bp.add_url_rule(f"{_SAMPLE}/key", view_func=key_pages.show_key)
bp.add_url_rule(f"{_SAMPLE}/key", view_func=key_pages.make_key, methods=["POST"])
