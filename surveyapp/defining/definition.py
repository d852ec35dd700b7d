"""An audit form: its themes, its questions in the template's order, and what may be answered to each."""

import json
from functools import lru_cache
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from surveyapp.foundation.words.clean_text import clean_text

KindName = Literal[
    "choice", "choices", "checklist", "scale", "text", "long_text", "number", "date", "contact"
]
KIND_NAMES: tuple[str, ...] = get_args(KindName)
NONE_OF_THESE = "none_of_these"
COMMENT = "comment"


def _as_text(value: object) -> object:
    """Give the text a number or a true/false looks like: in a form file labels stay text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return clean_text(value).strip() if isinstance(value, str) else value


_AsText = BeforeValidator(_as_text)
# Ids become column values, field names and parts of HTML ids: short, and without surprises in any of them.
Id = Annotated[str, _AsText, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OptionValue = Annotated[str, _AsText, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
# Only true and false: "yes" is text in a form file, here as everywhere.
YesOrNo = Annotated[bool, Field(strict=True)]
Line = Annotated[str, _AsText, StringConstraints(min_length=1, max_length=2_000)]


class FrozenFormModel(BaseModel):
    """Something a form file says: nothing may change it afterwards, and nothing unknown may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(FrozenFormModel):
    """One answer that may be chosen."""

    value: OptionValue
    label: Line
    short: Line | None = None
    counts_as: Literal["not_applicable", "dont_know"] | None = None
    raises_concern: YesOrNo = False

    @property
    def name(self) -> str:
        """What charts and messages call it."""
        return self.short or self.label


class Statement(FrozenFormModel):
    """One line of a checklist, ticked or not."""

    id: Id
    label: Line
    short: Line | None = None

    @property
    def name(self) -> str:
        """What charts and messages call it."""
        return self.short or self.label


class ShowIf(FrozenFormModel):
    """Ask a question only if an earlier one is, is not, or is one of these."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    question: Id
    is_: OptionValue | None = Field(default=None, alias="is")
    is_not: OptionValue | None = None
    one_of: tuple[OptionValue, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _says_one_thing(self) -> "ShowIf":
        if sum(rule is not None for rule in (self.is_, self.is_not, self.one_of)) != 1:
            raise ValueError('show_if takes exactly one of "is", "is_not" and "one_of"')
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """The options this rule names."""
        return self.one_of or tuple(value for value in (self.is_, self.is_not) if value is not None)

    def holds(self, chosen: frozenset[str]) -> bool:
        """Whether what was chosen there lets this question be asked; nothing chosen never does."""
        if self.is_not is not None:
            return bool(chosen) and self.is_not not in chosen
        return not chosen.isdisjoint(self.options)


class Role(FrozenFormModel):
    """The answers about something that one agency does for a child: the one that does it, and the others."""

    own: OptionValue
    another: OptionValue


class QuestionBase(FrozenFormModel):
    """What a question is, but for its answers: those a file may give by the name of a list."""

    id: Id
    number: Annotated[int, Field(strict=True, ge=1, le=999)]
    section: Line | None = None
    theme: Id
    kind: KindName
    ask: Line
    short: Line | None = None
    hint: Line | None = None
    required: YesOrNo = False
    items: tuple[Statement, ...] = ()
    none_of_these: Line | None = None
    comment: Line | None = None
    comment_when: tuple[OptionValue, ...] = ()
    show_if: ShowIf | None = None
    same_as: Id | None = None
    only_for: tuple[Id, ...] = ()
    conflicts: tuple[tuple[OptionValue, ...], ...] = ()
    role: Role | None = None
    # Our box for a current practice concern stands below this question, not at the end.
    concern_beside: YesOrNo = False
    lowest: Annotated[int, Field(strict=True)] | None = None
    highest: Annotated[int, Field(strict=True)] | None = None
    lowest_label: Line | None = None
    highest_label: Line | None = None

    @property
    def name(self) -> str:
        """What charts and lists call it."""
        return self.short or self.ask


class Question(QuestionBase):
    """One question, with the answers it offers."""

    answers: tuple[Option, ...] = ()

    def option(self, value: str) -> Option | None:
        """The option with this value, if it is offered."""
        return next((option for option in self.answers if option.value == value), None)

    def statement(self, name: str) -> Statement | None:
        """The checklist line with this id, if there is one."""
        return next((each for each in self.items if each.id == name), None)

    @property
    def choice_values(self) -> tuple[str, ...]:
        """All that can be chosen here: option values, or the ids of checklist lines."""
        none = (NONE_OF_THESE,) if self.none_of_these else ()
        return tuple(option.value for option in self.answers) + tuple(each.id for each in self.items) + none

    @property
    def is_comparable(self) -> bool:
        """Whether it asks about the child or the plan, so that agencies’ answers can be compared.

        Most ask about each agency’s own file, where different answers may all be true.
        """
        return bool(self.conflicts or self.role)

    def are_contradictory(self, one: str, other: str) -> bool:
        """Whether two agencies that answer so about one child cannot both be right."""
        if self.role is not None and one == other == self.role.own:
            return True
        return (one, other) in self.conflicts or (other, one) in self.conflicts

    def name_of(self, choice: str) -> str:
        """What messages call something that can be chosen here."""
        found = self.option(choice) or self.statement(choice)
        return found.name if found else (self.none_of_these or choice)


class AuditForm(FrozenFormModel):
    """The form an audit asks its agencies to fill in: frozen on the audit when it is issued."""

    form: Annotated[str, _AsText, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
    title: Line
    source: Line
    minutes: int = 20
    themes: dict[Id, Line]
    questions: tuple[Question, ...]
    # Questions of a frozen form that this version cannot read, by name: said, never passed over.
    not_known: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Let forms be keys of a cache; equality still compares everything."""
        return hash((self.form, self.title, len(self.questions)))

    def to_json(self) -> str:
        """This form as text to keep with an audit."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> "AuditForm":
        """The form that `to_json` wrote; the same text gives the same form.

        A question of a kind that this version does not know, and what hangs on it, goes to `not_known`.
        """
        return _from_json(text)

    def question(self, name: str) -> Question:
        """The question with this id; KeyError when there is none."""
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)

    def questions_for(self, agency_kind: str | None) -> tuple[Question, ...]:
        """The questions put to agencies of this kind, in order; None gives those put to anybody.

        A question that hangs on one this kind is not asked is not asked either.
        """
        asked: dict[str, Question] = {}
        for question in self.questions:
            suits = not question.only_for or agency_kind is None or agency_kind in question.only_for
            if suits and (question.show_if is None or question.show_if.question in asked):
                asked[question.id] = question
        return tuple(asked.values())

    @property
    def agency_kinds(self) -> tuple[str, ...]:
        """The kinds of agency that get questions of their own."""
        return tuple(dict.fromkeys(kind for question in self.questions for kind in question.only_for))


@lru_cache(maxsize=256)
def _from_json(text: str) -> AuditForm:
    said = json.loads(text)
    unknown: dict[str, str] = {}
    for each in said["questions"]:
        before = (each.get("show_if") or {}).get("question")
        if each["kind"] not in KIND_NAMES or before in unknown:
            unknown[each["id"]] = each.get("short") or each["ask"]
    if not unknown:
        return AuditForm.model_validate_json(text)
    known = [each for each in said["questions"] if each["id"] not in unknown]
    named = [*said.get("not_known", ()), *unknown.values()]
    return AuditForm.model_validate_json(json.dumps(said | {"questions": known, "not_known": named}))
