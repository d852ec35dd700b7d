"""The figures of a question in sentences, each count with its total (R2014 3.1 to 3.6)."""

from collections.abc import Iterable, Sequence

from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, OptionFigures, QuestionFigures
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import Share, counted

NO_RETURNS = "There are no returns yet, so there are no figures here."
NOBODY_ANSWERED = "No return answered this question."
_NOT_SUBSTANCE = {"not_applicable": "not applicable", "dont_know": "don’t know"}


def figure_sentences(figures: QuestionFigures, *, returns: int) -> tuple[str, ...]:
    """Sentences on the answers to one question: its figures, then those that qualify them.

    `returns` is the number of returns with answers in the whole audit.
    """
    if not returns:
        return (NO_RETURNS,)
    if not figures.answered:
        return (NOBODY_ANSWERED,) if figures.asked else (f"{NOBODY_ANSWERED} It was put to none of them.",)
    sentences = (
        _main_sentence(figures),
        *_yes_sentence(figures),
        *_substance_sentence(figures),
        blank_sentence(figures),
    )
    return tuple(filter(None, sentences))


def _main_sentence(figures: QuestionFigures) -> str:
    if figures.lines:
        return _checklist_sentence(figures)
    return _options_sentence(figures) if figures.rows else _text_sentence(figures)


def share_in_words(share: Share) -> str:
    """A share with its unit, as it is first given in a sentence: “66 of 75 returns (88%)”."""
    return f"{share.count:,} of {counted(share.of, share.unit.removesuffix('s'))}{share.in_brackets}"


def _share_without_unit(share: Share) -> str:
    """A share in a sentence that has already named the unit: “66 of 75 (88%)”."""
    return f"{share.count:,} of {share.of:,}{share.in_brackets}"


def _list_sentence(pairs: Sequence[tuple[str, Share]], first: str, following: str) -> str:
    """One sentence on several answers, by the pattern of the first answer and that of the others."""
    (name, share), *others = pairs
    words = [first.format(name=name, figure=share_in_words(share))]
    words += [following.format(name=other, figure=_share_without_unit(figure)) for other, figure in others]
    return f"{list_in_words(words)}."


def _options_sentence(figures: QuestionFigures) -> str:
    pairs = [(row.label, row.share) for row in figures.rows if row.share is not None]
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        shares = _list_sentence(pairs, "“{name}” was chosen in {figure}", "“{name}” in {figure}")
        return f"{shares} One return may give several answers."
    return _list_sentence(pairs, "In {figure} the answer was “{name}”", "in {figure} “{name}”")


def _checklist_sentence(figures: QuestionFigures) -> str:
    pairs = [(line.label, line.rows[0].share) for line in figures.lines if line.rows[0].share is not None]
    with_total = [(name, share) for name, share in pairs if share]
    return _list_sentence(with_total, "In {figure} the answer to “{name}” was yes", "in {figure} to “{name}”")


def _text_sentence(figures: QuestionFigures) -> str:
    share = Share(figures.answered, figures.asked)
    return f"In {share_in_words(share)} something was written; it is read, not counted."


def _yes_sentence(figures: QuestionFigures) -> Iterable[str]:
    """The sum of the answers that begin with “Yes”, where there are several (R2014 3.3.2)."""
    if figures.question.kind != "choice":
        return
    yes_rows = [row for row in figures.rows if _is_yes(row) and row.share is not None]
    other_rows = [row for row in figures.rows if not _is_yes(row)]
    if len(yes_rows) > 1 and other_rows and yes_rows[0].share:
        share = Share(sum(row.count for row in yes_rows), yes_rows[0].share.of)
        yield f"Taken together, an answer beginning with “Yes” was given in {share_in_words(share)}."


def _is_yes(row: OptionFigures) -> bool:
    return row.counts_as is None and row.label.casefold().startswith("yes")


def _substance_sentence(figures: QuestionFigures) -> Iterable[str]:
    """The first answer as a share of the answers of substance (stories F3, 4.8)."""
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        return
    left_out = [row for row in figures.rows if row.counts_as in _NOT_SUBSTANCE and row.count]
    of_substance = [row for row in figures.rows if row.counts_as not in _NOT_SUBSTANCE]
    total = sum(row.count for row in of_substance)
    if left_out and of_substance and total:
        omitted = list_in_words([f"“{row.label}”" for row in left_out])
        figure = share_in_words(Share(of_substance[0].count, total))
        yield f"Leaving out {omitted}, the answer was “{of_substance[0].label}” in {figure}."


def blank_sentence(figures: QuestionFigures) -> str:
    """How many returns left the question blank or were not asked; empty where there were none."""
    clauses = []
    if figures.not_answered:
        clauses.append(f"{share_in_words(Share(figures.not_answered, figures.asked))} left it blank")
    if figures.not_asked:
        were = "was" if figures.not_asked == 1 else "were"
        clauses.append(f"{counted(figures.not_asked, 'return')} {were} not asked")
    return f"{list_in_words(clauses)}." if clauses else ""


def figure_rows(figures: QuestionFigures) -> tuple[tuple[str, str, str], ...]:
    """The figures of a question as table rows: answer, count and total, per cent."""
    if figures.lines:
        rows = [_share_row(line.label, line.rows[0].share) for line in figures.lines]
    else:
        rows = [_share_row(row.label, row.share) for row in figures.rows]
    if rows or figures.not_answered:
        rows.append(_share_row("Not answered", figures.blank))
    if not figures.parts:
        rows.insert(0, _share_row("Something written", Share(figures.answered, figures.asked)))
    return tuple(rows)


def _share_row(name: str, share: Share | None) -> tuple[str, str, str]:
    if share is None:
        return name, "left out", ""
    percent = "" if share.percent is None else f"{share.percent}%"
    return name, f"{share.count:,} of {share.of:,}", percent
