"""The page “Paste or upload” under Agencies: a list of agencies and contacts, shown before it is stored."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.directory_import import operations
from surveyapp.agencies.directory_import.agency_questions import (
    AnsweredAgencies,
    answered_agencies,
    directory_digest,
)
from surveyapp.agencies.directory_import.directory_columns import DIRECTORY_COLUMNS
from surveyapp.agencies.directory_import.directory_comparison import choose_for_all, plan_directory
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, plan_notices
from surveyapp.agencies.directory_import.directory_table import ImportedDirectory, read_directory
from surveyapp.agencies.directory_import.operations import DIRECTORY_CHANGED, LOOK_AGAIN
from surveyapp.agencies.models import ALL_CONTACT_ROLES
from surveyapp.agencies.queries import AgenciesByName, agencies_by_name
from surveyapp.agencies.work_addresses import domain_mark, unlisted_in_words
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict, check_unchanged, row_digest
from surveyapp.foundation.tables.posted_table import CHOICE, PostedTable, TablePage, take_table
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted

# A form holds fewer than 2,000 fields; with more differences than this, one choice counts for all.
MOST_CHOSEN_SINGLY = 500
# The field of that choice, and its values.
_FOR_ALL = "all"


@dataclass(frozen=True)
class _Preview:
    """A table beside the directory as it is now, and what the choices make of both."""

    posted: PostedTable
    imported: ImportedDirectory
    answered: AnsweredAgencies
    plan: DirectoryPlan
    notices: tuple[str, ...]
    seen: str
    is_chosen_for_all: bool

    @property
    def choices(self) -> dict[str, str]:
        """Every choice and answer by its key, those that nobody made too."""
        answers = {question.key: question.answer for question in self.answered.questions}
        return {**self.plan.choices, **answers}

    @property
    def shown(self) -> str:
        """The digest of what the page shows, by which the next press sees whether anything was changed."""
        return row_digest(**self.choices)


def import_agencies() -> ResponseReturnValue:
    """Take agencies and contacts from pasted cells or a file; store them once they have been looked at."""
    page = TablePage(
        title="Paste or upload agencies and contacts",
        about="Take the list that you have: one row for each contact, or for each agency.",
        example=(
            ("Agency", "Kind", "Name", "Email", "Telephone", "Role"),
            ("Northside Police", "Police", "DS Amir Khan", "a.khan@police.example", "01632 960001", "Lead"),
            ("Northside Police", "", "Duty desk", "desk@police.example", "", "Deputy"),
        ),
        columns=DIRECTORY_COLUMNS,
        back=(url_for("survey.agencies.list_agencies"), "Agencies"),
    )
    return take_table(page, _look)


def _look(posted: PostedTable) -> ResponseReturnValue:
    preview = _preview(posted, agencies_by_name())
    if not posted.is_confirmed:
        return _preview_page(preview)
    try:
        seen = request.form.get("seen")
        check_unchanged(seen, preview.seen, message=DIRECTORY_CHANGED, way_on=LOOK_AGAIN)
        if preview.answered.unanswered:
            return _preview_page(preview, is_unanswered=True), 422
        if request.form.get("shown") != preview.shown:
            return _preview_page(preview, has_new_choices=True)
        with transaction():
            plan = operations.import_directory(
                preview.imported, preview.choices, seen=preview.seen, **actor_and_now()
            )
            stored = _stored_in_words(plan)
    except EditConflict as error:
        return _preview_page(_preview(posted, agencies_by_name()), refusal=error), error.status
    except SurveyError as error:
        return _preview_page(preview, refusal=error), error.status
    flash(f"Stored: {stored}.", "success")
    return redirect(url_for("survey.agencies.list_agencies", stored="yes"), 303)


def _preview(posted: PostedTable, directory: AgenciesByName) -> _Preview:
    imported = read_directory(posted.table, posted.match, directory)
    answered = answered_agencies(imported, directory, posted.choices)
    plan = plan_directory(answered.agencies, directory, posted.choices)
    is_chosen_for_all = len(plan.contradictions) > MOST_CHOSEN_SINGLY
    if is_chosen_for_all and _FOR_ALL in posted.choices:
        choices = choose_for_all(plan, posted.choices[_FOR_ALL])
        plan = plan_directory(answered.agencies, directory, choices)
    notices = (
        *imported.notices,
        *(words for _, words in plan_notices(plan, directory.by_address)),
    )
    seen = directory_digest(imported, directory)
    return _Preview(posted, imported, answered, plan, notices, seen, is_chosen_for_all)


def _preview_page(
    preview: _Preview,
    *,
    is_unanswered: bool = False,
    has_new_choices: bool = False,
    refusal: SurveyError | None = None,
) -> str:
    plan = preview.plan
    return render_template(
        "survey/agencies/file_preview.html",
        posted=preview.posted,
        plan=plan,
        questions=preview.answered.questions,
        notices=preview.notices,
        size=_stored_in_words(plan),
        has_changes=bool(plan.new_agencies or plan.new_contacts or plan.changed_rows),
        seen=preview.seen,
        shown=preview.shown,
        choice_prefix=CHOICE,
        is_chosen_for_all=preview.is_chosen_for_all,
        for_all=preview.posted.choices.get(_FOR_ALL, "file"),
        errors=_unanswered_errors(preview) if is_unanswered else (),
        has_new_choices=has_new_choices,
        refusal=refusal,
        kinds=AGENCY_KINDS,
        roles=ALL_CONTACT_ROLES,
        mark=domain_mark,
        unlisted=unlisted_in_words(plan.new_addresses),
    )


def _unanswered_errors(preview: _Preview) -> list[tuple[str, str]]:
    return [
        (
            f"Choose what kind of agency {question.words} is" if question.is_kind else question.words,
            f"#{CHOICE}{question.key}",
        )
        for question in preview.answered.unanswered
    ]


def _stored_in_words(plan: DirectoryPlan) -> str:
    """What is stored, in words: 2 agencies and 5 contacts added, 1 changed."""
    numbers = (
        (plan.new_agencies, ("agency", "agencies")),
        (plan.new_contacts, ("contact", "contacts")),
    )
    added = [counted(number, *words) for number, words in numbers if number]
    words = [f"{list_in_words(added)} added"] if added else []
    words += [f"{plan.changed_rows:,} changed"] if plan.changed_rows else []
    return ", ".join(words) or "nothing, since the directory says the same"
