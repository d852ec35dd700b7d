"""The figures as JSON: scripts rely on its shape (docs/exports.md)."""

from surveyapp.collating.figures import Collation, OptionFigures, PartFigures, QuestionFigures


def collation_json(found: Collation, *, case: str | None = None) -> dict[str, object]:
    """The figures of an audit, or of one case of it, as `survey collate --json` and the export print them."""
    return {
        "audit": found.audit_id,
        "case": case,
        "requests": found.tally.requests,
        "returned": found.tally.returned,
        "returns": found.returns,
        "nil": found.tally.nil,
        "withdrawn": found.tally.withdrawn,
        "filters": found.filters.in_address(),
        "not_applicable_counted": found.rule.not_applicable,
        "dont_know_counted": found.rule.dont_know,
        "questions": [
            _question(each) for each in sorted(found.questions, key=lambda each: each.question.number)
        ],
        "not_collated": list(found.not_collated),
    }


def _question(figures: QuestionFigures) -> dict[str, object]:
    head: dict[str, object] = {
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
        return head | {"items": [_line(each) for each in figures.lines]}
    return head | {"options": [_option(each) for each in figures.rows]}


def _line(part: PartFigures) -> dict[str, object]:
    return {
        "id": part.id,
        "label": part.label,
        "asked": part.asked,
        "answered": part.answered,
        "not_answered": part.not_answered,
        "options": [_option(each) for each in part.rows],
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
