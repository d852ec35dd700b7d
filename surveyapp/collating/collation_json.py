"""The figures of an audit as JSON; its shape is fixed, since scripts read it (docs/exports.md)."""

from surveyapp.collating.figures import Collation, OptionFigures, PartFigures, QuestionFigures


def collation_json(collation: Collation, *, case: str | None = None) -> dict[str, object]:
    """The figures of an audit, or of one `case`, as `survey collate --json` and the export print them."""
    return {
        "audit": collation.audit_id,
        "case": case,
        "requests": collation.tally.requests,
        "returned": collation.tally.returned,
        "returns": collation.returns,
        "nil": collation.tally.nil,
        "withdrawn": collation.tally.withdrawn,
        "filters": collation.filters.in_address(),
        "not_applicable_counted": collation.rule.not_applicable,
        "dont_know_counted": collation.rule.dont_know,
        "questions": [
            _question(figures)
            for figures in sorted(collation.questions, key=lambda figures: figures.question.number)
        ],
        "not_collated": list(collation.not_collated),
    }


def _question(figures: QuestionFigures) -> dict[str, object]:
    counts: dict[str, object] = {
        "id": figures.id,
        "number": figures.question.number,
        "theme": figures.question.theme,
        "asked": figures.asked,
        "not_asked": figures.not_asked,
        "answered": figures.answered,
        "not_answered": figures.not_answered,
        "commented": figures.commented,
    }
    if figures.lines:
        return counts | {"items": [_line(line) for line in figures.lines]}
    return counts | {"options": [_option(row) for row in figures.rows]}


def _line(part: PartFigures) -> dict[str, object]:
    return {
        "id": part.id,
        "label": part.label,
        "asked": part.asked,
        "answered": part.answered,
        "not_answered": part.not_answered,
        "options": [_option(row) for row in part.rows],
    }


def _option(row: OptionFigures) -> dict[str, object]:
    percent = row.share.percent if row.share is not None else None
    return {
        "value": row.value,
        "label": row.label,
        "count": row.count,
        "of": row.share.of if row.share is not None else None,
        "percent": None if percent is None else float(percent),
    }
