"""The figures of a question in sentences, each count with what it is out of (R2014 3.1 to 3.6)."""

from collections.abc import Iterable, Sequence

from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, OptionFigures, QuestionFigures
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import Share, counted

NO_RETURNS = "There are no returns yet, so there are no figures here."
NOBODY_ANSWERED = "No return answered this question."
_NOT_SUBSTANCE = {"not_applicable": "not applicable", "dont_know": "don’t know"}


def figure_sentences(figures: QuestionFigures, *, returns: int) -> tuple[str, ...]:
    """What the returns say to one question: a sentence with its figures, and those that put them right.

    `returns` is how many returns with answers the audit has at all.
    """
    if not returns:
        return (NO_RETURNS,)
    if not figures.answered:
        return (NOBODY_ANSWERED,) if figures.asked else (f"{NOBODY_ANSWERED} It was put to none of them.",)
    first = (
        _checklist_sentence(figures)
        if figures.lines
        else _options_sentence(figures)
        if figures.rows
        else _text_sentence(figures)
    )
    return tuple(
        filter(None, (first, *_yes_sentence(figures), *_substance_sentence(figures), blank_sentence(figures)))
    )


def share_in_words(share: Share) -> str:
    """A share as a sentence says it first: 66 of 75 returns (88%)."""
    return f"{share.count:,} of {counted(share.of, share.unit.removesuffix('s'))}{share.in_brackets}"


def _share_without_unit(share: Share) -> str:
    """The same within a sentence that has said the unit."""
    return f"{share.count:,} of {share.of:,}{share.in_brackets}"


def _list_sentence(pairs: Sequence[tuple[str, Share]], first: str, then: str) -> str:
    """“Yes” in 58 of 70 returns (82.9%), “No” in 4 of 70 (5.7%): `first` words the first of them."""
    (name, share), *others = pairs
    words = [first.format(name=name, figure=share_in_words(share))]
    words += [then.format(name=other, figure=_share_without_unit(figure)) for other, figure in others]
    return f"{list_in_words(words)}."


def _options_sentence(figures: QuestionFigures) -> str:
    pairs = [(row.label, row.share) for row in figures.rows if row.share is not None]
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        said = _list_sentence(pairs, "“{name}” was chosen in {figure}", "“{name}” in {figure}")
        return f"{said} One return may give several answers."
    return _list_sentence(pairs, "In {figure} the answer was “{name}”", "in {figure} “{name}”")


def _checklist_sentence(figures: QuestionFigures) -> str:
    pairs = [(line.label, line.rows[0].share) for line in figures.lines if line.rows[0].share is not None]
    known = [(name, share) for name, share in pairs if share]
    return _list_sentence(known, "In {figure} the answer to “{name}” was yes", "in {figure} to “{name}”")


def _text_sentence(figures: QuestionFigures) -> str:
    share = Share(figures.answered, figures.asked)
    return f"In {share_in_words(share)} something was written; it is read, not counted."


def _yes_sentence(figures: QuestionFigures) -> Iterable[str]:
    """What the answers that begin with Yes make together, where there are several (R2014 3.3.2)."""
    if figures.question.kind != "choice":
        return
    yes = [row for row in figures.rows if _is_yes(row) and row.share is not None]
    others = [row for row in figures.rows if not _is_yes(row)]
    if len(yes) > 1 and others and yes[0].share:
        share = Share(sum(row.count for row in yes), yes[0].share.of)
        yield f"Taken together, an answer beginning with “Yes” was given in {share_in_words(share)}."


def _is_yes(row: OptionFigures) -> bool:
    return row.counts_as is None and row.label.casefold().startswith("yes")


def _substance_sentence(figures: QuestionFigures) -> Iterable[str]:
    """The first answer once more, out of those who gave one of substance (stories F3, 4.8)."""
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        return
    left_out = [row for row in figures.rows if row.counts_as in _NOT_SUBSTANCE and row.count]
    kept = [row for row in figures.rows if row.counts_as not in _NOT_SUBSTANCE]
    of = sum(row.count for row in kept)
    if left_out and kept and of:
        those = list_in_words([f"“{row.label}”" for row in left_out])
        figure = share_in_words(Share(kept[0].count, of))
        yield f"Leaving out {those}, the answer was “{kept[0].label}” in {figure}."


def blank_sentence(figures: QuestionFigures) -> str:
    """How many left it blank, and how many were not asked; empty where it was put to all and all answered."""
    said = []
    if figures.not_answered:
        said.append(f"{share_in_words(Share(figures.not_answered, figures.asked))} left it blank")
    if figures.not_asked:
        were = "was" if figures.not_asked == 1 else "were"
        said.append(f"{counted(figures.not_asked, 'return')} {were} not asked")
    return f"{list_in_words(said)}." if said else ""


def figure_rows(figures: QuestionFigures) -> tuple[tuple[str, str, str], ...]:
    """The same figures as the rows of a table: answer, count and what it is out of, per cent."""
    if figures.lines:
        rows = [_row(line.label, line.rows[0].share) for line in figures.lines]
    else:
        rows = [_row(row.label, row.share) for row in figures.rows]
    if rows or figures.not_answered:
        rows.append(_row("Not answered", figures.blank))
    if not figures.parts:
        rows.insert(0, _row("Something written", Share(figures.answered, figures.asked)))
    return tuple(rows)


def _row(name: str, share: Share | None) -> tuple[str, str, str]:
    if share is None:
        return name, "left out", ""
    percent = "" if share.percent is None else f"{share.percent}%"
    return name, f"{share.count:,} of {share.of:,}", percent
