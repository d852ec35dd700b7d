"""The page “Governance papers”, each paper as a page, and its download as Word."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from surveyapp.agencies.queries import agencies_in_name_order
from surveyapp.foundation import clock
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.actor import ADMINISTRATOR
from surveyapp.foundation.web.file_response import answer_file_head, file_response
from surveyapp.foundation.web.notices_pages import (
    lawful_basis,
    periods_in_words,
    show_accessibility,
    show_privacy,
)
from surveyapp.governance.gaps import settings_without_value
from surveyapp.governance.page_as_document import page_as_document
from surveyapp.governance.papers import PAPERS, GovernancePaper, paper_named

bp = Blueprint("governance", __name__)
bp.before_request(answer_file_head)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Papers that are public pages already.
_PUBLIC_PAGES = {"privacy-notice": show_privacy, "accessibility-statement": show_accessibility}


@bp.get("/governance")
def list_papers() -> ResponseReturnValue:
    """List the papers, and what is still missing in them."""
    return render_template(
        "survey/governance/list.html",
        papers=PAPERS,
        without_value=settings_without_value(settings()),
        names_settings=ADMINISTRATOR in acting_staff().roles,
    )


@bp.get("/governance/<string:name>")
def show_paper(name: str) -> ResponseReturnValue:
    """Show one paper, as it will be in Word."""
    return _page_of(_paper_or_404(name))


@bp.get("/governance/<string:name>/paper.docx")
def download_paper(name: str) -> ResponseReturnValue:
    """Download one paper as Word, to be completed there."""
    paper = _paper_or_404(name)
    partnership = settings().partnership
    document = page_as_document(_page_of(paper), author=partnership, foot=f"{paper.title}, {partnership}")
    return file_response(document_as_word(document), _WORD, f"{paper.name}.docx")


def _paper_or_404(name: str) -> GovernancePaper:
    paper = paper_named(name)
    if paper is None:
        abort(404)
    return paper


def _page_of(paper: GovernancePaper) -> str:
    """The page of a paper; a public page is shown as the public sees it."""
    if paper.name in _PUBLIC_PAGES:
        return str(_PUBLIC_PAGES[paper.name]())
    current = settings()
    return render_template(
        f"survey/governance/{paper.name}.html",
        paper=paper,
        basis=lawful_basis(current),
        periods=periods_in_words(current),
        agencies=agencies_in_name_order(),
        today=clock.local_day(clock.now()),
    )
