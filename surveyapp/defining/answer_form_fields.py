"""The WTForms fields of a question, by their names in the page."""

from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.fields import LongTextField
from surveyapp.defining.kinds.registry import QUESTION_KINDS


def answer_field_names(question: Question) -> tuple[str, ...]:
    """The names of the fields in which a question is answered: its id, or one for each of its parts."""
    parts = QUESTION_KINDS[question.kind].parts
    return tuple(f"{question.id}-{part}" for part in parts) if parts else (question.id,)


def fields_of(question: Question) -> dict[str, object]:
    """The fields of a question by their names in the page, with the field of its comment."""
    kind = QUESTION_KINDS[question.kind]
    options = {"question": question} if kind.offers else {}
    labels = tuple(kind.parts.values()) or (question.ask,)
    fields = {
        name: kind.field(label, **options)
        for name, label in zip(answer_field_names(question), labels, strict=True)
    }
    if question.comment:
        fields[f"{question.id}-{COMMENT}"] = LongTextField(question.comment)
    return fields


def show_if_rule(question: Question, definition: AuditForm) -> str | None:
    """The condition on which a script shows this question, as `name=one|two`; None if it is always shown."""
    rule = question.show_if
    if rule is None:
        return None
    gate = definition.question(rule.question)
    ruled_out = {rule.is_not} if rule.is_not is not None else set(gate.choice_values) - set(rule.options)
    return f"{gate.id}={'|'.join(choice for choice in gate.choice_values if choice not in ruled_out)}"
