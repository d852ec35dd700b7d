"""The pages over all audits: overdue actions, and what recurs over the years."""

from flask import render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.across_audits.recurrence import recurring_recommendations, recurring_themes
from surveyapp.concluding.across_audits.yearly_extract import yearly_extract
from surveyapp.concluding.audit_order import began_on
from surveyapp.concluding.conclusions_in_words import title_with_year
from surveyapp.concluding.queries import overdue_actions
from surveyapp.foundation import clock
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.web.file_response import file_response

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def list_overdue_actions() -> ResponseReturnValue:
    """Show the overdue actions of all audits, longest overdue first."""
    today = clock.local_day(clock.now())
    actions = overdue_actions(today)
    return render_template(
        "survey/concluding/overdue_actions.html",
        actions=actions,
        audits=len({action.audit_id for action in actions}),
        today=today,
    )


def show_recurring() -> ResponseReturnValue:
    """Show recommendations and themes that came up in more than one audit, with their years."""
    return render_template(
        "survey/concluding/recurring.html",
        chains=recurring_recommendations(),
        themes=recurring_themes(),
        titled=title_with_year,
        began_on=began_on,
    )


def download_recurring() -> ResponseReturnValue:
    """Send what recurs over the years as a Word file, for the yearly report."""
    today = clock.local_day(clock.now())
    with read_transaction():
        extract = yearly_extract(
            recurring_recommendations(), recurring_themes(), author=settings().partnership, today=today
        )
    return file_response(document_as_word(extract), _WORD, f"recurring-{today.isoformat()}.docx")
