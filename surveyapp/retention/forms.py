"""Forms of retention: the days, a hold and its end, and the titles typed to purge or to delete."""

from wtforms import HiddenField, TextAreaField

from surveyapp.foundation.web.base import DeletionForm, LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText

LONGEST_REASON = 500


class DaysForm(SurveyForm):
    """The days of the purges of one audit, and why they are changed."""

    drafts_on = DayField("Drafts that were never returned")
    returns_on = DayField("Returns, and what names a child to an agency")
    figures_on = DayField("Figures, report, brief and action plan")
    reason = TextAreaField(
        "Why you change the days",
        [RequiredText("Say why you change the days"), MaxCharacters(LONGEST_REASON)],
    )
    # The days that the page showed, as ISO dates with a space between two.
    seen = HiddenField()


class HoldForm(SurveyForm):
    """Why nothing of an audit may be destroyed."""

    reason = TextAreaField(
        "Why nothing may be removed",
        [RequiredText("Say why nothing may be removed"), MaxCharacters(LONGEST_REASON)],
    )


class EndHoldForm(SurveyForm):
    """Why a hold ends."""

    reason = TextAreaField(
        "Why the hold ends", [RequiredText("Say why the hold ends"), MaxCharacters(LONGEST_REASON)]
    )


class PurgeForm(DeletionForm):
    """The title of the audit, typed once more to purge its returns and keys before their day."""

    title = LineField(
        "To purge it, type the audit’s title",
        [RequiredText("Type the title of the audit to purge it"), MaxCharacters(200)],
    )


class DeleteIssuedAuditForm(DeletionForm):
    """The title of the audit, typed once more to delete an audit that was issued."""

    title = LineField(
        "To delete it, type its title",
        [RequiredText("Type the title of the audit to delete it"), MaxCharacters(200)],
    )
