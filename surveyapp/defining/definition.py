"""An audit form: its themes, and its questions in order with the answers that each offers."""

import json
from functools import lru_cache
from math import ceil
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from surveyapp.defining.question_parts import (
    AsText,
    DayBound,
    FrozenFormModel,
    Id,
    Line,
    Option,
    OptionValue,
    Role,
    ShowIf,
    Statement,
    YesOrNo,
)
from surveyapp.foundation.agency_kinds import AGENCY_KINDS

KindName = Literal[
    "choice", "choices", "checklist", "scale", "text", "long_text", "number", "date", "contact"
]
KIND_NAMES: tuple[str, ...] = get_args(KindName)
NONE_OF_THESE = "none_of_these"
COMMENT = "comment"


class QuestionBase(FrozenFormModel):
    """A question without its answers, which a form file may give by the name of a list."""

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
    # The box for a current practice concern is drawn below this question instead of at the end.
    concern_beside: YesOrNo = False
    lowest: Annotated[int, Field(strict=True)] | None = None
    highest: Annotated[int, Field(strict=True)] | None = None
    lowest_label: Line | None = None
    highest_label: Line | None = None
    # The first and the last day that a date may be.
    earliest: DayBound | None = None
    latest: DayBound | None = None

    @property
    def name(self) -> str:
        """The name in charts and lists."""
        return self.short or self.ask


class Question(QuestionBase):
    """One question, with the answers it offers."""

    answers: tuple[Option, ...] = ()

    def option(self, value: str) -> Option | None:
        """The option with this value, if it is offered."""
        return next((option for option in self.answers if option.value == value), None)

    def statement(self, name: str) -> Statement | None:
        """The checklist line with this id, if there is one."""
        return next((line for line in self.items if line.id == name), None)

    @property
    def choice_values(self) -> tuple[str, ...]:
        """Everything that can be chosen: option values, or the ids of checklist lines."""
        none = (NONE_OF_THESE,) if self.none_of_these else ()
        return tuple(option.value for option in self.answers) + tuple(line.id for line in self.items) + none

    @property
    def is_comparable(self) -> bool:
        """Whether it asks about the child or the plan, so that answers of several agencies can be compared.

        Most ask about each agency’s own file, where different answers may all be true.
        """
        return bool(self.conflicts or self.role)

    def are_contradictory(self, one: str, other: str) -> bool:
        """Whether two agencies that give these answers about one child cannot both be right."""
        if self.role is not None and one == other == self.role.own:
            return True
        return (one, other) in self.conflicts or (other, one) in self.conflicts

    def name_of(self, choice: str) -> str:
        """The name of a choice in messages."""
        named = self.option(choice) or self.statement(choice)
        return named.name if named else (self.none_of_these or choice)

    def label_of(self, choice: str) -> str:
        """A choice in the words that stand beside its box on the form."""
        offered = self.option(choice) or self.statement(choice)
        return offered.label if offered else (self.none_of_these or choice)


class AuditForm(FrozenFormModel):
    """The form that an audit asks its agencies to fill in; it is frozen when the audit is issued."""

    form: Annotated[str, AsText, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
    title: Line
    source: Line
    minutes: int = 20
    themes: dict[Id, Line]
    questions: tuple[Question, ...]
    # Names of questions of a frozen form that this version cannot read; pages mention them.
    not_known: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Hash for use as a key of a cache; equality still compares everything."""
        return hash((self.form, self.title, len(self.questions)))

    def to_json(self) -> str:
        """This form as text, to store with an audit."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> "AuditForm":
        """The form that `to_json` wrote; the same text gives the same object.

        A question of a kind that this version does not know goes to `not_known`, with all that depend on it.
        """
        return _from_json(text)

    def question(self, name: str) -> Question:
        """The question with this id; KeyError when there is none."""
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)

    def questions_for(self, agency_kind: str | None) -> tuple[Question, ...]:
        """The questions put to agencies of this kind, in order; for None, all questions.

        A question is left out if it depends on one that this kind of agency is not asked.
        """
        asked: dict[str, Question] = {}
        for question in self.questions:
            suits = not question.only_for or agency_kind is None or agency_kind in question.only_for
            if suits and (question.show_if is None or question.show_if.question in asked):
                asked[question.id] = question
        return tuple(asked.values())

    def versions(self) -> tuple[tuple[str, ...], ...]:
        """The kinds of agency in groups that are asked the same questions; one group if all are."""
        groups: dict[tuple[Question, ...], list[str]] = {}
        for kind in AGENCY_KINDS:
            groups.setdefault(self.questions_for(kind), []).append(kind)
        return tuple(tuple(kinds) for kinds in groups.values())

    def minutes_for(self, agency_kind: str | None) -> int:
        """About how many minutes a return takes this kind of agency, by its share of the questions."""
        return ceil(self.minutes * len(self.questions_for(agency_kind)) / len(self.questions))


@lru_cache(maxsize=256)
def _from_json(text: str) -> AuditForm:
    content = json.loads(text)
    unknown: dict[str, str] = {}
    for question in content["questions"]:
        gate = (question.get("show_if") or {}).get("question")
        if question["kind"] not in KIND_NAMES or gate in unknown:
            unknown[question["id"]] = question.get("short") or question["ask"]
    if not unknown:
        return AuditForm.model_validate_json(text)
    readable = [question for question in content["questions"] if question["id"] not in unknown]
    names = [*content.get("not_known", ()), *unknown.values()]
    return AuditForm.model_validate_json(json.dumps(content | {"questions": readable, "not_known": names}))
