"""The rule behind a figure and the state of an audit, as sentences that stand beside the figures."""

from collections.abc import Mapping, Sequence

from surveyapp.agencies.models import AGENCY_KINDS
from surveyapp.collating.figures import Collation, OptionFigures, QuestionFigures
from surveyapp.collating.filters import AGE_BAND_WORDS, NOT_RECORDED, NOT_RECORDED_WORDS, Filters
from surveyapp.collating.queries import MULTIPLE_ANSWER_KINDS
from surveyapp.foundation.words.shares import counted


def denominator_in_words(figures: QuestionFigures) -> str:
    """What the shares of a question are out of, and by which rule."""
    if not figures.parts:
        return ""
    if not figures.answered:
        return "No return answered this."
    answered = counted(figures.answered, "return")
    left_out = [row for row in figures.rows if row.share is None]
    if left_out:
        those = " and ".join(_named(row) for row in left_out)
        left = next((row.share.of for row in figures.rows if row.share is not None), 0)
        if figures.question.kind in MULTIPLE_ANSWER_KINDS:
            only = " or ".join(f"“{row.label}”" for row in left_out)
            out_of = f"Out of {counted(left, 'return')}: of the {answered} that answered"
            return f"{out_of}, those that said only {only} are left out."
        return f"Out of {counted(left, 'return')}: {those} left out of the {answered} that answered."
    words = f"Out of the {answered} that answered"
    kept = [f"“{row.label}”" for row in figures.rows if row.counts_as]
    if kept:
        words += f", {' and '.join(kept)} counted"
    elif figures.lines:
        words += ", each line yes or no"
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        words += "; one return may give several answers"
    return f"{words}."


def _named(row: OptionFigures) -> str:
    return f"{row.count:,} “{row.label}”"


def returns_in_words(found: Collation) -> str:
    """The return rate as the page says it first: 77 of 88 returned (87.5%), 2 withdrawn."""
    words = found.tally.in_words
    return f"{words}, {found.tally.withdrawn:,} withdrawn" if found.tally.withdrawn else words


def counted_returns_in_words(found: Collation) -> str:
    """How many returns stand behind the figures, with filters out of how many; nil returns apart."""
    with_answers = found.tally.returned - found.tally.nil
    on = f", on {counted(found.cases, 'case')}" if found.returns else ""
    nil = f" {counted(found.tally.nil, 'nil return is', 'nil returns are')} in no figure."
    if not found.filters.is_empty:
        words = f"These filters keep {found.returns:,} of {counted(with_answers, 'return')}{on}."
    else:
        words = f"The figures count the {counted(with_answers, 'return')} with answers{on}."
    return words + (nil if found.tally.nil else "")


def filters_in_words(filters: Filters, choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Which returns the filters keep: Health or GP practice; Under 5 years. Empty when they keep all."""
    said = []
    for name, values in filters.in_address().items():
        words = _KNOWN.get(name, _UNWRITTEN) | dict(choices.get(name, ()))
        nothing = "something not in this audit" if name in {"cases", "agencies"} else None
        said.append(" or ".join(words.get(value, nothing or value) for value in values))
    return "; ".join(said)


_UNWRITTEN = {NOT_RECORDED: NOT_RECORDED_WORDS}
_KNOWN: dict[str, dict[str, str]] = {"kinds": AGENCY_KINDS, "ages": AGE_BAND_WORDS}
