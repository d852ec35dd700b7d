"""Settings that the papers print and that nobody has set yet."""

from surveyapp.foundation.settings import Settings

# What each setting gives the papers, in the order in which the papers print it.
_PRINTED = (
    ("privacy_controller", "SURVEY_PRIVACY_CONTROLLER", "the data controller"),
    ("privacy_contact", "SURVEY_PRIVACY_CONTACT", "the data protection officer"),
    ("privacy_url", "SURVEY_PRIVACY_URL", "the partnership’s own privacy notice"),
    (
        "accessibility_contact",
        "SURVEY_ACCESSIBILITY_CONTACT",
        "who hears of a page that somebody cannot use",
    ),
    (
        "accessibility_statement_date",
        "SURVEY_ACCESSIBILITY_STATEMENT_DATE",
        "when the accessibility statement was last reviewed",
    ),
)


def settings_without_value(current: Settings) -> tuple[tuple[str, str], ...]:
    """The settings that are empty: for each its name, and what the papers then leave open."""
    return tuple((name, gives) for field, name, gives in _PRINTED if not getattr(current, field))
