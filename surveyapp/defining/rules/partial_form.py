"""The readable parts of a form file, on which the rules are checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from surveyapp.defining.definition import Question
from surveyapp.defining.question_parts import Option
from surveyapp.defining.strict_yaml import Loc

# What a rule yields: the place, the message for whoever writes the file and, where that names ids or keys of
# the file, the words for the pages.
RuleProblem = tuple[Loc, str] | tuple[Loc, str, str]
RuleProblems = Iterator[RuleProblem]


@dataclass(frozen=True)
class PartialForm:
    """The readable parts of a form file, so that one mistake does not hide another."""

    themes: frozenset[str]
    lists: dict[str, tuple[Option, ...]]
    questions: dict[int, Question]
    lists_used: dict[int, str]
    # Names of parts that could not be read: they exist, so no rule may report them as missing.
    lost_ids: frozenset[str] = field(default_factory=frozenset)
    lost_lists: frozenset[str] = field(default_factory=frozenset)

    @property
    def by_id(self) -> dict[str, tuple[int, Question]]:
        """Each readable question with its index, by id; the first of several with the same id."""
        first: dict[str, tuple[int, Question]] = {}
        for index, question in self.questions.items():
            first.setdefault(question.id, (index, question))
        return first

    def lacks_list(self, index: int) -> bool:
        """Whether the list of answers of a question is missing or unreadable, which another rule reports."""
        return index in self.lists_used and self.lists_used[index] not in self.lists


def question_location(index: int, *rest: int | str) -> Loc:
    """The place of a question in the file, or of a part of it."""
    return ("questions", index, *rest)


def sorted_names(names: Iterable[str]) -> str:
    """The names in order, with commas between them."""
    return ", ".join(sorted(names))
