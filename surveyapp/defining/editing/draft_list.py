"""A form made on pages as the list of forms shows it."""

from dataclasses import dataclass

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_problems import problems_of
from surveyapp.defining.models import SavedForm


@dataclass(frozen=True)
class ListedForm:
    """A form made on pages, with the numbers of its mistakes and warnings."""

    form_id: str
    draft: FormDraft
    mistakes: int
    warnings: int
    is_frozen: bool
    is_put_away: bool


def listed_form(form: SavedForm) -> ListedForm:
    """A form as the list of forms shows it."""
    draft = read_draft(form.text, form.form_id)
    problems = problems_of(draft)
    return ListedForm(
        form.form_id,
        draft,
        len(problems.mistakes),
        len(problems.warnings),
        form.is_frozen,
        form.put_away_at is not None,
    )
