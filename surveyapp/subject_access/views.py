"""The page “What is held about a child”: a search over all audits, and a document for each case found."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import record_reading
from surveyapp.foundation.web.file_response import answer_file_head, file_response
from surveyapp.planning.errors import check_answers_kept
from surveyapp.planning.models import Case
from surveyapp.subject_access.forms import ChildSearchForm
from surveyapp.subject_access.found_cases import find_cases
from surveyapp.subject_access.held import held_about
from surveyapp.subject_access.held_document import held_document

bp = Blueprint("subject_access", __name__)
bp.before_request(answer_file_head)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/what-is-held")
def show_search() -> ResponseReturnValue:
    """Show the form of the search."""
    return render_template("survey/subject_access/search.html", form=ChildSearchForm(), found=None)


@bp.post("/what-is-held")
def search() -> ResponseReturnValue:
    """Show the cases found. It is a POST, so that a reference stands in no address and no log."""
    form = ChildSearchForm()
    if not form.validate():
        return render_template("survey/subject_access/search.html", form=form, errors=True, found=None), 422
    found = find_cases(form.wanted.data or "")
    page = render_template("survey/subject_access/search.html", form=form, found=found)
    record_reading("searched_for_child", "all audits", f"{len(found)} found")
    return page


@bp.get("/what-is-held/<int:case_id>/what-is-held.docx")
def download_held(case_id: int) -> ResponseReturnValue:
    """Download all that is held about one case as Word. Raises AnswersRemoved once its purge has begun."""
    case = session.get_one(Case, case_id)
    check_answers_kept(case.audit)
    content = document_as_word(held_document(held_about(case), author=settings().partnership))
    record_reading("downloaded_what_is_held", f"case {case_id}")
    return file_response(content, _WORD, f"what-is-held-{case_id}.docx")
