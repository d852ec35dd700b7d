"""Forms for how answers reached staff, for a nil return keyed in, and for opening a return again."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.answering.keyed_in import KeyedBy
from surveyapp.answering.models import NIL_REASONS, RECEIVED_BY, REOPENING_REASONS
from surveyapp.answering.reopening.operations import LONGEST_NOTE
from surveyapp.answering.returns.operations import LONGEST_WHERE
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters


class ReceivedForm(SurveyForm):
    """How the answers reached the member of staff who keys them in."""

    received_by = RadioField(
        "How did it reach you?",
        choices=[SelectChoice(value, words[:1].upper() + words[1:]) for value, words in RECEIVED_BY.items()],
        validators=[InputRequired("Choose how it reached you")],
    )

    def keyed_by(self, actor: str) -> KeyedBy:
        """Who keys it in, and how it came; the form has been validated."""
        return KeyedBy(actor, self.received_by.data)


class NilReturnForm(ReceivedForm):
    """Why the agency has nothing to audit, as the contact said it."""

    reason = RadioField(
        "Why has the agency nothing to audit?",
        choices=[SelectChoice(value, words) for value, words in NIL_REASONS.items()],
        validators=[InputRequired("Choose why the agency has nothing to audit")],
    )
    whereabouts = TextAreaField(
        "Which agency holds the file now? (optional)", validators=[MaxCharacters(LONGEST_WHERE)]
    )


class ReopenReturnForm(SurveyForm):
    """Why a return is opened for correction, and what to look at."""

    reason = RadioField(
        "Why does it need correcting?",
        choices=[SelectChoice(value, words) for value, words in REOPENING_REASONS.items()],
        validators=[InputRequired("Choose why the return needs correcting")],
    )
    note = TextAreaField("What would you like them to look at? (optional)", [MaxCharacters(LONGEST_NOTE)])
