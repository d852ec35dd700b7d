"""The page “Paste or upload” of an audit's cases: a table of them, shown before it is stored."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.tables.posted_table import CHOICE, PostedTable, TablePage, take_table
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries
from surveyapp.planning.cases.case_columns import CASE_COLUMNS, without_identifying_columns
from surveyapp.planning.cases.case_comparison import CasePlan, plan_cases
from surveyapp.planning.cases.case_table import ImportedCases, read_cases
from surveyapp.planning.cases.table_operations import CASES_CHANGED, LOOK_AGAIN
from surveyapp.planning.cases.table_operations import import_cases as store_cases
from surveyapp.planning.models import Audit

# A form holds fewer than 2,000 fields.
MOST_DIFFERENCES = 1_000


def import_cases(audit_id: int) -> ResponseReturnValue:
    """Take cases from pasted cells or a file; store them once they have been looked at."""
    audit = queries.audit_by_id(audit_id)
    page = TablePage(
        title="Paste or upload cases",
        caption=audit.title,
        about="One row for each case, by pseudonym. Names and birth dates are dropped on reading.",
        example=(
            ("Case", "Age", "Gender", "Category", "Plan", "Sibling group", "Needs"),
            ("Child 1", "5", "F", "neglect", "CP", "A", "domestic abuse; housing"),
            ("Child 2", "6 months", "M", "", "child in need", "A", ""),
        ),
        columns=CASE_COLUMNS,
        back=(url_for("survey.planning.list_cases", audit_id=audit_id), "Cases"),
        prepare=without_identifying_columns,
    )
    return take_table(page, lambda posted: _look(audit, posted))


def _look(audit: Audit, posted: PostedTable) -> ResponseReturnValue:
    imported = read_cases(posted.table, posted.match)
    plan = _plan(audit, imported, posted)
    if not posted.is_confirmed:
        return _preview_page(audit, posted, imported, plan)
    try:
        check_unchanged(request.form.get("seen"), plan.seen, message=CASES_CHANGED, way_on=LOOK_AGAIN)
        if request.form.get("shown") != row_digest(**plan.choices):
            return _preview_page(audit, posted, imported, plan, has_new_choices=True)
        with transaction():
            stored = store_cases(audit, imported.cases, plan.choices, seen=plan.seen, **actor_and_now())
            words, audit_id = _stored_in_words(stored), audit.id
    except SurveyError as error:
        plan = _plan(audit, imported, posted)
        return _preview_page(audit, posted, imported, plan, refusal=error), error.status
    flash(f"Stored: {words}.", "success")
    return redirect(url_for(_endpoint_after(audit_id), audit_id=audit_id), 303)


def _endpoint_after(audit_id: int) -> str:
    """The page after storing: the grid while no box of it is ticked, for the preview has shown the cases."""
    audit = queries.audit_by_id(audit_id)
    is_begun = audit.is_issued or queries.count_cases_by_tick(audit)[0] > 0
    return "survey.planning.list_cases" if is_begun else "survey.planning.show_grid"


def _plan(audit: Audit, imported: ImportedCases, posted: PostedTable) -> CasePlan:
    plan = plan_cases(imported.cases, audit.cases, posted.choices)
    number = len(plan.differences)
    if number > MOST_DIFFERENCES:
        words = f"{number:,} details differ from those of the audit, and {MOST_DIFFERENCES:,} is the most"
        raise TableMistakes([TableMistake(0, "", f"{words}. Divide the table")])
    return plan


def _preview_page(  # noqa: PLR0913 — what is shown, and why again
    audit: Audit,
    posted: PostedTable,
    imported: ImportedCases,
    plan: CasePlan,
    *,
    has_new_choices: bool = False,
    refusal: SurveyError | None = None,
) -> str:
    return render_template(
        "survey/planning/cases_preview.html",
        audit=audit,
        posted=posted,
        plan=plan,
        rows=[(case, str(case.details.age)) for case in plan.cases],
        size=_stored_in_words(plan),
        not_in_table=len(audit.cases) - sum(case.stored is not None for case in plan.cases),
        notices=imported.notices,
        has_changes=bool(plan.added or plan.changed or plan.differences),
        shown=row_digest(**plan.choices),
        choice_prefix=CHOICE,
        errors=(),
        has_new_choices=has_new_choices,
        refusal=refusal,
    )


def _stored_in_words(plan: CasePlan) -> str:
    """What is stored, in words: 15 cases added, 2 changed."""
    added, changed = len(plan.added), len(plan.changed)
    words = [f"{counted(added, 'case')} added"] if added else []
    words += [f"{changed:,} changed"] if changed else []
    return ", ".join(words) or "nothing, since the audit says the same"
