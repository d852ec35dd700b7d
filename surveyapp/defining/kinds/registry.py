"""Every kind of question, by its name in a form file."""

from surveyapp.defining.kinds.choice_kinds import Checklist, MultipleChoice, Scale, SingleChoice
from surveyapp.defining.kinds.contact_kind import ContactDetails
from surveyapp.defining.kinds.written_kinds import DateAnswer, LongText, ShortText, WholeNumber
from surveyapp.defining.question_kinds import QuestionKind

QUESTION_KINDS: dict[str, QuestionKind] = {
    "choice": SingleChoice(),
    "choices": MultipleChoice(),
    "checklist": Checklist(),
    "scale": Scale(),
    "text": ShortText(),
    "long_text": LongText(),
    "number": WholeNumber(),
    "date": DateAnswer(),
    "contact": ContactDetails(),
}
