"""Over all audits: the actions that are overdue, and what comes back year after year."""

from flask import render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.conclusions_in_words import title_with_year
from surveyapp.concluding.programme.recurrence import recurring_recommendations, recurring_themes
from surveyapp.concluding.queries import began_on, overdue_actions
from surveyapp.foundation import clock


def list_overdue_actions() -> ResponseReturnValue:
    """Show every action of the programme whose day is past and which is not done, longest overdue first."""
    today = clock.local_day(clock.now())
    actions = overdue_actions(today)
    return render_template(
        "survey/concluding/overdue_actions.html",
        actions=actions,
        audits=len({each.audit_id for each in actions}),
        today=today,
    )


def show_recurring() -> ResponseReturnValue:
    """Show recommendations and themes that came up in more than one audit, with the years."""
    return render_template(
        "survey/concluding/recurring.html",
        chains=recurring_recommendations(),
        themes=recurring_themes(),
        titled=title_with_year,
        began_on=began_on,
    )
