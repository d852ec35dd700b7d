"""Sentences on the scope of an export: which returns it holds, and which agencies a question is put to."""

from surveyapp.collating.figures_in_words import filters_in_words
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.shown_questions import when_to_answer
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS


def scope_in_words(snapshot: AuditSnapshot) -> str:
    """Which returns the file holds: all, or those that the filters select, in the words of the page."""
    filters = snapshot.collation.filters
    choices = {
        "cases": [(str(case_id), case.pseudonym) for case_id, case in snapshot.cases.items()],
        "agencies": [(str(agency_id), agency.name) for agency_id, agency in snapshot.agencies.items()],
        "kinds": list(AGENCY_KINDS.items()),
        "ages": list(AGE_BAND_WORDS.items()),
    }
    words = filters_in_words(filters, choices)
    return f"Only {words}" if words else "All returns of this audit"


def audience_in_words(definition: AuditForm, question: Question) -> str:
    """Which agencies a question is put to, and on what condition."""
    kinds = [AGENCY_KINDS.get(kind, kind) for kind in question.only_for]
    others = [words for kind, words in AGENCY_KINDS.items() if kind not in question.only_for]
    if not kinds:
        whom = "Put to all agencies."
    elif len(others) < len(kinds):
        whom = f"Put to all kinds of agency but: {list_in_words(others)}."
    else:
        whom = f"Only put to: {list_in_words(kinds)}."
    return f"{whom} {when_to_answer(definition, question)}".strip()
