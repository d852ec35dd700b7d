"""Section 2.2 of the report: how many of the requests were returned, by kind of agency."""

from collections.abc import Iterable, Sequence

from surveyapp.collating.figures_in_words import returns_in_words
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.report.parts import FiguresAsOf, Note, Paragraph, ReportPart, Table, as_they_stood
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.sample import ROWS_JOINED, share_rows

NO_RETURNS = "There are no returns yet."


def returns_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Say how many requests were returned and show them in a table by kind of agency."""
    tally = inputs.collation.tally
    if not tally.requests:
        yield Note(f"Nothing has been asked yet. {NO_RETURNS}")
        return
    sentences = [f"{returns_in_words(inputs.collation)}."]
    if not tally.returned:
        sentences.append(NO_RETURNS)
    if tally.outstanding:
        sentences.append(f"{counted(tally.outstanding, 'request is', 'requests are')} outstanding.")
    if tally.nil:
        sentences.append(
            f"{counted(tally.nil, 'return says', 'returns say')} that the agency had nothing to audit; "
            "they count as returned and stand in no figure of section 3."
        )
    if tally.late:
        sentences.append(f"{counted(tally.late, 'return')} came after returns had closed.")
    yield Paragraph(" ".join(sentences))
    yield from _returns_by_kind(inputs)
    returns = "after returns had closed" if inputs.audit.is_closed(inputs.now) else "with returns still open"
    yield FiguresAsOf(f"{as_they_stood(inputs.now)}, {returns}.", returns)


def _returns_by_kind(inputs: ReportInputs) -> Iterable[ReportPart]:
    split_rows = inputs.rows_by_kind
    if split_rows:
        rows = [(_kind_names(row.names), Share(row.parts[0], row.size, "requests")) for row in split_rows]
        totals = [sum(numbers) for numbers in zip(*(row.parts for row in split_rows), strict=True)]
        rows.append(("All", Share(totals[0], sum(totals), "requests")))
        head = ("Kind of agency", "Returned", "Per cent")
        yield Table("Requests returned, by kind of agency", head, share_rows(rows))
    if len(split_rows) < len(inputs.agency_kinds):
        yield Note(ROWS_JOINED)


def _kind_names(kinds: Sequence[str]) -> str:
    names = list_in_words([AGENCY_KINDS[kind] for kind in kinds])
    return names if len(kinds) == 1 else f"{names}, together"
