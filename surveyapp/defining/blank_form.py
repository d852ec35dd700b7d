"""The blank form on which an agency collects its answers before entering them: a page, Word or paper."""

from surveyapp.defining import concern
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.shown_questions import when_to_answer
from surveyapp.foundation.documents.blocks import (
    Block,
    Boxes,
    Document,
    DocumentHeading,
    DocumentParagraph,
    Space,
)

COMMENT_LINES = 3
_CONCERN: tuple[Block, ...] = (
    DocumentHeading("Current practice concern", 2, keep_together=True),
    DocumentParagraph("Do not wait for the audit: act on it now, and enter it as soon as you can.", "quiet"),
    Boxes((concern.CONCERN_LABEL,)),
    Space(concern.WHOM_LABEL, 1),
    Space(concern.WHEN_LABEL, 1),
)


def blank_form(
    definition: AuditForm, agency_kind: str | None, *, about: str, author: str, foot: str
) -> Document:
    """The questions for agencies of this kind, in the order of the form, with boxes and lines to write on.

    `about` is printed below the title: which audit it is, whom to ask, and where to enter the answers.
    """
    blocks: list[Block] = [DocumentParagraph(about)]
    questions = definition.questions_for(agency_kind)
    concern_after = concern.question_above_box(questions)
    for number, question in enumerate(questions):
        if question.section or number == 0:
            blocks.append(DocumentHeading(question.section or "Questions"))
        blocks += _question_blocks(definition, question)
        if question.id == concern_after:
            blocks += _CONCERN
    return Document(f"{definition.title}: blank form", author, foot, tuple(blocks))


def _question_blocks(definition: AuditForm, question: Question) -> list[Block]:
    blocks: list[Block] = [DocumentHeading(f"{question.number}. {question.ask}", 2, keep_together=True)]
    kind = QUESTION_KINDS[question.kind]
    hints = (when_to_answer(definition, question), question.hint or "", kind.paper_hint)
    blocks += [DocumentParagraph(hint, "quiet") for hint in hints if hint]
    labels = [option.wording for option in question.answers] + [line.wording for line in question.items]
    if question.none_of_these:
        labels.append(question.none_of_these)
    if labels:
        blocks.append(Boxes(tuple(labels)))
    else:
        blocks += [Space(label, kind.paper_lines) for label in kind.parts.values() or ("",)]
    if question.comment:
        blocks.append(Space(question.comment, COMMENT_LINES))
    return blocks
