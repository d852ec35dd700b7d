"""The answers of the demonstration’s returns: the figures of February 2014, distributed repeatably."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import local_day, utc_moment

UNDER_FIVE_MONTHS = 60
# Of answers that need no comment, the percentage that has one.
COMMENTED_PER_CENT = 45
# People return audits between 8:45am and 3:15pm.
FIRST_MINUTE, LAST_MINUTE = 8 * 60 + 45, 15 * 60 + 15
SATURDAY = 5


@dataclass(frozen=True)
class DemonstrationRequest:
    """One request of the demonstration, with the facts on which its answers depend."""

    agency: str
    kind: str
    case: str
    age_months: int

    def is_any_of(self, groups: Iterable[str]) -> bool:
        """Whether `groups` names this kind of agency, or "under_five" and the child is under five."""
        own_groups = {self.kind, "under_five"} if self.age_months < UNDER_FIVE_MONTHS else {self.kind}
        return not own_groups.isdisjoint(groups)

    def repeatable_number(self, what: str) -> int:
        """A number from 0 to 2**32 - 1 that depends only on `what`, the agency and the case."""
        digest = sha256(f"{what}/{self.agency}/{self.case}".encode()).digest()
        return int.from_bytes(digest[:4], "big")

    def moment(self, begin: datetime, end: datetime) -> datetime:
        """A repeatable moment in working hours between two moments."""
        days = max((local_day(end) - local_day(begin)).days, 1)
        day = local_day(begin) + timedelta(days=self.repeatable_number("day") % days)
        while day.weekday() >= SATURDAY:
            day -= timedelta(days=1)
        minutes = FIRST_MINUTE + self.repeatable_number("minute") % (LAST_MINUTE - FIRST_MINUTE)
        moment = utc_moment(day, time(minutes // 60, minutes % 60))
        # On the first day, a time before the request was issued is moved after it.
        return moment if moment > begin else begin + timedelta(minutes=minutes - FIRST_MINUTE + 1)


@cache
def answers_file() -> Mapping[str, Any]:
    """The file of figures and comments."""
    return tomllib.loads((files("surveyapp.commands.demonstration") / "answers.toml").read_text("utf-8"))


def is_outstanding(request: DemonstrationRequest) -> bool:
    """Whether this request has not been returned."""
    return any(
        request.agency == outstanding["agency"] and request.case in outstanding["cases"]
        for outstanding in answers_file()["outstanding"]
    )


def is_begun(request: DemonstrationRequest) -> bool:
    """Whether this request is outstanding and has a saved draft."""
    return any(
        request.agency == outstanding["agency"] and request.case in outstanding.get("begun", ())
        for outstanding in answers_file()["outstanding"]
    )


def returned_answers(
    returned: Iterable[DemonstrationRequest],
) -> dict[DemonstrationRequest, tuple[GivenAnswer, ...]]:
    """The answers of each of the 77 returns."""
    answers: dict[DemonstrationRequest, list[GivenAnswer]] = {
        request: [] for request in sorted(returned, key=lambda request: request.repeatable_number("return"))
    }
    for question, figures in answers_file()["questions"].items():
        in_order = sorted(answers, key=lambda request: request.repeatable_number(question))
        answering = in_order[figures["blank"] :]
        if "items" in figures:
            _answer_checklist(question, figures, answering, answers)
        else:
            _answer_choice(question, figures, answering, answers)
    return {request: tuple(of_request) for request, of_request in answers.items()}


def draft() -> tuple[GivenAnswer, ...]:
    """The answers of a saved draft."""
    return (
        GivenAnswer("supervision", option="yes"),
        GivenAnswer(
            "supervision", item="comment", text="Checked to the end of last month; the rest is with the team."
        ),
        GivenAnswer("contributed_to_lived_experience", option="yes"),
    )


def _answer_checklist(
    question: str,
    figures: Mapping[str, Any],
    answering: list[DemonstrationRequest],
    answers: dict[DemonstrationRequest, list[GivenAnswer]],
) -> None:
    for name, count in figures["items"].items():
        in_order = sorted(answering, key=lambda request: request.repeatable_number(f"{question}/{name}"))
        ticked = set(in_order[:count])
        for request in answering:
            option = "yes" if request in ticked else "no"
            answers[request].append(GivenAnswer(question, item=name, option=option))
    commented = [
        request for request in answering if request.repeatable_number("comment") % 100 < COMMENTED_PER_CENT
    ]
    for number, request in enumerate(commented):
        answers[request].append(_comment(question, figures["comments"], number))


def _answer_choice(
    question: str,
    figures: Mapping[str, Any],
    answering: list[DemonstrationRequest],
    answers: dict[DemonstrationRequest, list[GivenAnswer]],
) -> None:
    likelier_in, remaining = figures.get("first", {}), list(answering)
    # Options that are likelier in some agencies are placed there before the rest are distributed.
    for option in sorted(figures["options"], key=lambda option: option not in likelier_in):
        groups = likelier_in.get(option, ())
        likelier = [request for request in remaining if request.is_any_of(groups)]
        remaining = likelier + [request for request in remaining if request not in likelier]
        count = figures["options"][option]
        placed, remaining = remaining[:count], remaining[count:]
        remaining.sort(key=lambda request: request.repeatable_number(question))
        placed.sort(key=lambda request: request.repeatable_number(question))
        for number, request in enumerate(placed):
            answers[request].append(GivenAnswer(question, option=option))
            answers[request].extend(_comments(question, figures, option, number, request))


def _comments(
    question: str, figures: Mapping[str, Any], option: str, number: int, request: DemonstrationRequest
) -> list[GivenAnswer]:
    if "pairs" in figures:
        first, second = figures["pairs"]["first"], figures["pairs"]["second"]
        text = f"{first[number % len(first)]} {second[number % len(second)]}"
        return [GivenAnswer(question, item="comment", text=text)] if option == "yes" else []
    comments = figures.get("comments", {}).get(option, ())
    has_comment = (question, option) in ALWAYS_COMMENTED or (
        request.repeatable_number(f"{question}/comment") % 100 < COMMENTED_PER_CENT
    )
    return [_comment(question, comments, number)] if comments and has_comment else []


def _comment(question: str, comments: list[str], number: int) -> GivenAnswer:
    return GivenAnswer(question, item="comment", text=comments[number % len(comments)])


# Answers for which the form requires a comment.
ALWAYS_COMMENTED = {
    ("previous_plan_on_file", "another_source"),
    ("work_since_previous_plan", "another_source"),
    ("raised_concerns", "yes"),
}
