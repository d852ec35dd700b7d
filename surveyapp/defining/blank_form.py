"""An empty form to gather answers on before they are entered: on a page, in Word or on paper."""

from surveyapp.defining import concern
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import CONTACT_PARTS
from surveyapp.defining.shown_questions import when_to_answer
from surveyapp.foundation.documents.blocks import (
    Block,
    Boxes,
    Document,
    DocumentHeading,
    DocumentParagraph,
    Space,
)

_LINES = {"long_text": 8, "contact": 1, "date": 1, "number": 1, "text": 2}
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
    """The questions put to agencies of this kind, in the form's order, with boxes and room to write.

    `about` stands under the title: which audit, whom to ask, where the answers are entered in the end.
    """
    blocks: list[Block] = [DocumentParagraph(about)]
    questions = definition.questions_for(agency_kind)
    after = concern.question_above_box(questions)
    for number, question in enumerate(questions):
        if question.section or number == 0:
            blocks.append(DocumentHeading(question.section or "Questions"))
        blocks += _question_blocks(definition, question)
        if question.id == after:
            blocks += _CONCERN
    return Document(f"{definition.title}: blank form", author, foot, tuple(blocks))


def _question_blocks(definition: AuditForm, question: Question) -> list[Block]:
    blocks: list[Block] = [DocumentHeading(f"{question.number}. {question.ask}", 2, keep_together=True)]
    hints = (when_to_answer(definition, question), question.hint or "", _how_to_tick(question))
    blocks += [DocumentParagraph(hint, "quiet") for hint in hints if hint]
    labels = [option.label for option in question.answers] + [each.label for each in question.items]
    if question.none_of_these:
        labels.append(question.none_of_these)
    if labels:
        blocks.append(Boxes(tuple(labels)))
    elif question.kind == "contact":
        blocks += [Space(part, _LINES["contact"]) for part in CONTACT_PARTS.values()]
    else:
        blocks.append(Space("", _LINES.get(question.kind, 2)))
    if question.comment:
        blocks.append(Space(question.comment, COMMENT_LINES))
    return blocks


def _how_to_tick(question: Question) -> str:
    return {"choices": "Tick all that apply.", "checklist": "Tick all that apply."}.get(
        question.kind, "Tick one." if question.answers else ""
    )
