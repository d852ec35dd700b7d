"""Sentences printed beside figures: the denominator and its rule, the returns counted, and the filters."""

from collections.abc import Mapping, Sequence

from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, Collation, QuestionFigures
from surveyapp.collating.filters import NOT_RECORDED, NOT_RECORDED_WORDS, Filters
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS


def denominator_in_words(figures: QuestionFigures) -> str:
    """The denominator of a question's shares and the rule behind it; empty where it has no shares."""
    if not figures.parts:
        return ""
    if not figures.answered:
        return "No return answered this."
    answered = counted(figures.answered, "return")
    left_out = [row for row in figures.rows if row.share is None]
    if left_out:
        left_out_words = " and ".join(f"{row.count:,} “{row.label}”" for row in left_out)
        remaining = next((row.share.of for row in figures.rows if row.share is not None), 0)
        if figures.question.kind in MULTIPLE_ANSWER_KINDS:
            labels = " or ".join(f"“{row.label}”" for row in left_out)
            out_of = f"Out of {counted(remaining, 'return')}: of the {answered} that answered"
            return f"{out_of}, those that said only {labels} are left out."
        words = f"{left_out_words} left out of the {answered} that answered"
        return f"Out of {counted(remaining, 'return')}: {words}."
    words = f"Out of the {answered} that answered"
    also_counted = [f"“{row.label}”" for row in figures.rows if row.counts_as]
    if also_counted:
        words += f", {' and '.join(also_counted)} counted"
    elif figures.lines:
        words += ", each line yes or no"
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        words += "; one return may give several answers"
    return f"{words}."


def returns_in_words(collation: Collation) -> str:
    """The return rate of the audit: 77 of 88 returned (87.5%), 2 withdrawn."""
    tally = collation.tally
    return f"{tally.in_words}, {tally.withdrawn:,} withdrawn" if tally.withdrawn else tally.in_words


def counted_returns_in_words(collation: Collation) -> str:
    """How many returns the figures count (with filters, out of how many), and the nil returns left out."""
    with_answers = collation.tally.returned - collation.tally.nil
    on = f", on {counted(collation.cases, 'case')}" if collation.returns else ""
    nil = f" {counted(collation.tally.nil, 'nil return is', 'nil returns are')} in no figure."
    if not collation.filters.is_empty:
        words = f"These filters keep {collation.returns:,} of {counted(with_answers, 'return')}{on}."
    else:
        words = f"The figures count the {counted(with_answers, 'return')} with answers{on}."
    return words + (nil if collation.tally.nil else "")


def filters_in_words(filters: Filters, choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The filters in words: Health or GP practice; Under 5 years. Empty where they keep all returns.

    `choices` gives the words of each filter, as `filter_choices` does.
    """
    parts = []
    for name, values in filters.in_address().items():
        words = _FIXED_WORDS.get(name, _NOT_RECORDED) | dict(choices.get(name, ()))
        unknown = "something not in this audit" if name in {"cases", "agencies"} else None
        parts.append(" or ".join(words.get(value, unknown or value) for value in values))
    return "; ".join(parts)


_NOT_RECORDED = {NOT_RECORDED: NOT_RECORDED_WORDS}
_FIXED_WORDS: dict[str, dict[str, str]] = {"kinds": AGENCY_KINDS, "ages": AGE_BAND_WORDS}
