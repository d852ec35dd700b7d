"""A form while it is being made: whole questions, but perhaps none yet, and perhaps against a rule."""

from functools import lru_cache

from pydantic import Field

from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.editing.form_text import form_text
from surveyapp.defining.form_schema import WrittenForm, WrittenQuestion
from surveyapp.defining.mistakes import FormMistakes, Mistake
from surveyapp.defining.question_parts import Id, Line, Option
from surveyapp.defining.strict_yaml import StrictDocument, parse_document

# A file may hold several questions with one id until its checks refuse it; pages find a question by its id.
_TWICE = 'question "{}" is there already'


class FormDraft(WrittenForm):
    """A form file that may lack themes and questions."""

    themes: dict[Id, Line] = Field({})
    questions: tuple[WrittenQuestion, ...] = ()

    def question(self, name: str) -> WrittenQuestion | None:
        """The question with this id, if there is one."""
        return next((question for question in self.questions if question.id == name), None)

    def options_of(self, question: WrittenQuestion) -> tuple[Option, ...]:
        """The answers that a question lists, by itself or by the name of a list."""
        if isinstance(question.answers, str):
            return self.answers.get(question.answers, ())
        return question.answers or ()

    def users_of_list(self, name: str) -> tuple[WrittenQuestion, ...]:
        """The questions that use a list of answers, in the order of the form."""
        return tuple(question for question in self.questions if question.answers == name)

    def questions_of_theme(self, theme: str) -> tuple[WrittenQuestion, ...]:
        """The questions that belong to a theme, in the order of the form."""
        return tuple(question for question in self.questions if question.theme == theme)

    @property
    def content(self) -> dict[str, object]:
        """The form in the shape of a form file, without what has its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def to_text(self) -> str:
        """The form as the text of a form file."""
        return form_text(self.content)


def read_draft(text: bytes | str, name: str) -> FormDraft:
    """Read the text of a form file that may be unfinished.

    Raises FormMistakes with every mistake that leaves a question unreadable, and for two with one id.
    """
    return _read_draft(text, name)


# As for whole forms: each page of a form reads its text again.
@lru_cache(maxsize=64)
def _read_draft(text: bytes | str, name: str) -> FormDraft:
    document = parse_document(text, name)
    draft, mistakes = validate_document(FormDraft, document)
    if draft is None or mistakes or document.mistakes:
        raise FormMistakes([*document.mistakes, *mistakes])
    twice = list(_ids_given_twice(draft, document))
    if twice:
        raise FormMistakes(twice)
    return draft


def _ids_given_twice(draft: FormDraft, document: StrictDocument) -> list[Mistake]:
    ids = [question.id for question in draft.questions]
    return [
        document.mistake(("questions", index, "id"), _TWICE.format(name))
        for index, name in enumerate(ids)
        if name in ids[:index]
    ]
