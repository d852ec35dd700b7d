"""The pages of a sample: reading the list, the proposal, the rules, the whole list, and making cases."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.tables.columns import ColumnMatch, chosen_columns, head_key, table_columns
from surveyapp.foundation.tables.opened_table import OpenedTable, UnreadableTable
from surveyapp.foundation.tables.table_mistakes import TableMistakes
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.web.fields import posted_number
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries as audits
from surveyapp.planning.approval.operations import approve, may_approve
from surveyapp.planning.approval.queries import approvals_of, latest_approval
from surveyapp.planning.approval.state import ApprovalState
from surveyapp.planning.cases.size_note import size_note
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.sampling import chosen_operations, operations
from surveyapp.sampling.columns import COLUMNS, COLUMNS_BY_NAME, LEFT_OUT, check_heads, recognised_columns
from surveyapp.sampling.durations import months_in_words
from surveyapp.sampling.forms import ListForm, RulesForm, SelectionForm
from surveyapp.sampling.population import read_population
from surveyapp.sampling.posted_list import open_posted_list
from surveyapp.sampling.queries import kept_heads, sample_of
from surveyapp.sampling.sample import Sample

_ROWS_OF_A_PAGE = 100


def show_sample(audit_id: int) -> ResponseReturnValue:
    """Show the sample as it stands; without a list, the form to read one."""
    audit = audits.audit_by_id(audit_id)
    sample = sample_of(audit)
    return _list_page(audit) if sample is None else _sample_page(audit, sample)


def read_list(audit_id: int) -> ResponseReturnValue:
    """Show the form for another list; a post reads the file, and stores the list and a sample from it."""
    audit, form = audits.audit_by_id(audit_id), ListForm()
    if request.method != "POST":
        return _list_page(audit)
    listed_on = form.listed_on.data if form.validate() else None
    if listed_on is None:
        return _list_page(audit, form), 422
    try:
        table = open_posted_list(form.file.data)
        match = _posted_match() or recognised_columns(table.sheet, kept_heads())
        if match.doubts:
            return _columns_page(audit, form, table, match)
        check_heads(table.sheet, match)
        population = read_population(table.sheet, match, on=listed_on)
        with transaction():
            sample = operations.store_population(
                audit,
                population,
                listed_on=listed_on,
                keep=_heads_to_keep(table, match),
                **actor_and_now(),
            )
            number, chosen = len(sample.children), len(sample.chosen)
    except TableMistakes as error:
        return _list_page(audit, form, mistakes=error), 422
    except (UnreadableTable, operations.CasesMade) as error:
        form.file.errors = [f"{error.message} {error.way_on}".strip()]
        return _list_page(audit, form), 422
    flash(f"{counted(number, 'child', 'children')} read, {chosen} proposed.", "success")
    for notice in table.notices:
        flash(f"{notice}.")
    return _back_to_sample(audit_id)


def _posted_match() -> ColumnMatch | None:
    """Which column is which as somebody said on the page of columns; None if the page did not ask."""
    if "has_columns" not in request.form:
        return None
    posted = {
        name.removeprefix("column-"): value
        for name, value in request.form.items()
        if name.startswith("column-")
    }
    chosen = {posted_number(position, otherwise=-1): name for position, name in posted.items() if name}
    return chosen_columns(chosen, COLUMNS, has_heads=True)


def _heads_to_keep(table: OpenedTable, match: ColumnMatch) -> Mapping[str, str]:
    """What each head means from now on, if staff said it on the page of columns."""
    if "has_columns" not in request.form:
        return {}
    heads = table.sheet.rows[0].cells
    return {
        head_key(head): match.columns[position].name if position in match.columns else LEFT_OUT
        for position, head in enumerate(heads)
        if head_key(head)
    }


def change_rules(audit_id: int) -> ResponseReturnValue:
    """Choose again by the posted rules, size and seed."""
    audit = audits.audit_by_id(audit_id)
    sample, form = sample_of(audit), RulesForm()
    if sample is None:
        return _back_to_sample(audit_id)
    form.offer(sample)
    if not form.validate():
        return _sample_page(audit, sample, rules=form), 422
    try:
        with transaction():
            chosen = operations.change_rules(
                audit, form.criteria(), size=form.size.data or 0, seed=form.seed.data or 0, **actor_and_now()
            )
            number = len(chosen.chosen)
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _sample_page(audit, sample, rules=form), 422
    flash(f"{counted(number, 'child', 'children')} chosen again by these rules.", "success")
    return _back_to_sample(audit_id)


def list_children(audit_id: int) -> ResponseReturnValue:
    """Show every child on the list with the reason for choosing or leaving out, a page at a time."""
    audit = audits.audit_by_id(audit_id)
    sample = sample_of(audit)
    if sample is None:
        return _back_to_sample(audit_id)
    standing = request.args.get("standing", "")
    rows = [
        (child, sample.standing(child))
        for _, child in sorted(sample.children.items())
        if not standing or sample.standing(child) == standing
    ]
    pages = max(1, -(-len(rows) // _ROWS_OF_A_PAGE))
    page = min(max(1, posted_number(request.args.get("page"), otherwise=1)), pages)
    return render_template(
        "survey/sampling/children.html",
        audit=audit,
        sample=sample,
        standing=standing if standing in sample.standings else "",
        rows=rows[(page - 1) * _ROWS_OF_A_PAGE : page * _ROWS_OF_A_PAGE],
        number=len(rows),
        page=page,
        pages=pages,
        in_words=months_in_words,
    )


def put_back(audit_id: int, number: int) -> ResponseReturnValue:
    """Take back that a child was left out by hand."""
    with transaction():
        audit = audits.audit_by_id(audit_id)
        is_back = chosen_operations.put_back(audit, number, **actor_and_now())
    flash(f"No {number} may be chosen again." if is_back else f"No {number} had not been left out by hand.")
    return _back_to_sample(audit_id)


def make_cases(audit_id: int) -> ResponseReturnValue:
    """Make the children chosen the audit’s cases."""
    audit, form = audits.audit_by_id(audit_id), SelectionForm()
    sample = sample_of(audit)
    if sample is None:
        return _back_to_sample(audit_id)
    if not form.validate():
        return _sample_page(audit, sample, selection=form), 422
    with transaction():
        added = chosen_operations.make_cases(audit, consulted=form.consulted.data or "", **actor_and_now())
    flash(
        f"{counted(added, 'case')} added. Make the key next: it tells which child is which.",
        "success",
    )
    return redirect(url_for("survey.sampling.show_key", audit_id=audit_id), 303)


def approve_sample(audit_id: int) -> ResponseReturnValue:
    """Approve the sample in the name of the executive who is signed in."""
    audit = audits.audit_by_id(audit_id)
    try:
        with transaction():
            lock_audit(audit)
            sample = sample_of(audit)
            if sample is None:
                raise operations.NoList("No list has been read for this audit.")
            approve(
                audit,
                "sample",
                ApprovalState(sample.content, latest_approval(audit_id, "sample")),
                seen=request.form.get("seen", ""),
                roles=acting_staff().roles,
                **actor_and_now(),
            )
    except EditConflict as error:
        flash(f"{error.message} {error.way_on}")
        return _back_to_sample(audit_id)
    flash("The sample is approved.", "success")
    return _back_to_sample(audit_id)


def remove_list(audit_id: int) -> ResponseReturnValue:
    """Remove the list and the sample."""
    with transaction():
        operations.remove_list(audits.audit_by_id(audit_id), **actor_and_now())
    flash("The list is removed. Cases that were made of it stay.", "success")
    return _back_to_sample(audit_id)


def _back_to_sample(audit_id: int) -> ResponseReturnValue:
    return redirect(url_for("survey.sampling.show_sample", audit_id=audit_id), 303)


def _list_page(audit: Audit, form: ListForm | None = None, *, mistakes: TableMistakes | None = None) -> str:
    if form is None:
        form = ListForm(formdata=None)
        form.listed_on.data = clock.local_day(clock.now())
    return render_template(
        "survey/sampling/list.html",
        audit=audit,
        form=form,
        mistakes=mistakes,
        columns=COLUMNS,
        errors=form.errors or mistakes,
    )


def _columns_page(
    audit: Audit, form: ListForm, table: OpenedTable, match: ColumnMatch
) -> ResponseReturnValue:
    page = render_template(
        "survey/sampling/columns.html",
        audit=audit,
        form=form,
        columns=table_columns(table.sheet, match),
        choices=COLUMNS,
        doubts=match.doubts,
        errors=True,
    )
    return page, 422


def _sample_page(
    audit: Audit, sample: Sample, *, rules: RulesForm | None = None, selection: SelectionForm | None = None
) -> str:
    form = rules
    if form is None:
        form = RulesForm(formdata=None)
        form.offer(sample)
        form.show(sample)
    if selection is None:
        selection = SelectionForm(formdata=None)
        selection.consulted.data = sample.sampling.consulted
    history = approvals_of(audit.id, "sample")
    return render_template(
        "survey/sampling/sample.html",
        audit=audit,
        sample=sample,
        figures=sample.figures,
        rules=form,
        selection=selection,
        errors=form.errors or selection.errors,
        note=size_note(audit, len(sample.chosen)),
        taken=[f"{COLUMNS_BY_NAME[name].label}: “{head}”" for name, head in sample.sampling.heads.items()],
        state=ApprovalState(sample.content, history[0] if history else None),
        may_approve=may_approve(acting_staff().roles),
        in_words=months_in_words,
    )
