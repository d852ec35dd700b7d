"""Where the pages stand that read across agencies, audits and time."""

from flask import Blueprint

from surveyapp.collating.cases import pages as case_pages
from surveyapp.collating.comparison import benchmark_pages
from surveyapp.collating.comparison import pages as comparison_pages
from surveyapp.collating.then_and_now import pages as then_pages

COLLATION_URL = "/audits/<int:audit_id>/collation"


def add_url_rules(bp: Blueprint) -> None:
    """Add these pages to collating's own."""
    bp.add_url_rule(f"{COLLATION_URL}/cases/<int:case_id>", view_func=case_pages.show_case)
    bp.add_url_rule(f"{COLLATION_URL}/disagreement", view_func=case_pages.show_disagreement)
    bp.add_url_rule(f"{COLLATION_URL}/compare", view_func=comparison_pages.show_comparison)
    bp.add_url_rule(f"{COLLATION_URL}/benchmark", view_func=benchmark_pages.show_benchmark)
    bp.add_url_rule(
        f"{COLLATION_URL}/benchmark/change",
        methods=["GET", "POST"],
        view_func=benchmark_pages.change_benchmark,
    )
    bp.add_url_rule(
        f"{COLLATION_URL}/benchmark/remove", methods=["POST"], view_func=benchmark_pages.remove_benchmark
    )
    bp.add_url_rule(f"{COLLATION_URL}/then-and-now", view_func=then_pages.show_then_and_now)
