"""What an export was made of, in words: which returns the filters keep, and to whom a question is put."""

from surveyapp.agencies.models import AGENCY_KINDS
from surveyapp.collating.age_bands import AGE_BAND_WORDS
from surveyapp.collating.figures_in_words import filters_in_words
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.shown_questions import when_to_answer
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.words.dates_and_lists import list_in_words


def scope_in_words(reading: AuditSnapshot) -> str:
    """Which returns are in the file: all, or those of these filters, worded as on the page."""
    filters = reading.collation.filters
    choices = {
        "cases": [(str(id_), each.pseudonym) for id_, each in reading.cases.items()],
        "agencies": [(str(id_), each.name) for id_, each in reading.agencies.items()],
        "kinds": list(AGENCY_KINDS.items()),
        "ages": list(AGE_BAND_WORDS.items()),
    }
    words = filters_in_words(filters, choices)
    return f"Only {words}" if words else "All returns of this audit"


def audience_in_words(definition: AuditForm, question: Question) -> str:
    """To whom a question is put, and when."""
    kinds = [AGENCY_KINDS.get(each, each) for each in question.only_for]
    whom = f"Only put to: {list_in_words(kinds)}." if kinds else "Put to all agencies."
    return f"{whom} {when_to_answer(definition, question)}".strip()
