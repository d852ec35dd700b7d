"""What the demonstration’s returns say: the figures of February 2014, spread the same way every time."""

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
# Where an answer does not ask for a comment, this many in a hundred returns have one all the same.
COMMENTED_PER_CENT = 45
# People return audits between 8:45am and 3:15pm.
FIRST_MINUTE, LAST_MINUTE = 8 * 60 + 45, 15 * 60 + 15
SATURDAY = 5


@dataclass(frozen=True)
class DemonstrationRequest:
    """One request of the demonstration, by what its answers hang on."""

    agency: str
    kind: str
    case: str
    age_months: int

    def is_any_of(self, wanted: Iterable[str]) -> bool:
        """Whether this is a return of one of these kinds of agency, or about one of the youngest children."""
        own = {self.kind, "under_five"} if self.age_months < UNDER_FIVE_MONTHS else {self.kind}
        return not own.isdisjoint(wanted)

    def repeatable_number(self, what: str) -> int:
        """A number from 0 to 2**32 - 1, drawn by name, so that it comes out the same every time."""
        drawn = sha256(f"{what}/{self.agency}/{self.case}".encode()).digest()
        return int.from_bytes(drawn[:4], "big")

    def moment(self, begin: datetime, end: datetime) -> datetime:
        """A moment of a working morning or afternoon between two moments, the same every time."""
        days = max((local_day(end) - local_day(begin)).days, 1)
        day = local_day(begin) + timedelta(days=self.repeatable_number("day") % days)
        while day.weekday() >= SATURDAY:
            day -= timedelta(days=1)
        minutes = FIRST_MINUTE + self.repeatable_number("minute") % (LAST_MINUTE - FIRST_MINUTE)
        at = utc_moment(day, time(minutes // 60, minutes % 60))
        # On the first day nobody answers before they are asked.
        return at if at > begin else begin + timedelta(minutes=minutes - FIRST_MINUTE + 1)


@cache
def answers_file() -> Mapping[str, Any]:
    """The file of figures and comments."""
    return tomllib.loads((files("surveyapp.commands.demonstration") / "answers.toml").read_text("utf-8"))


def is_outstanding(place: DemonstrationRequest) -> bool:
    """Whether this request has not come back."""
    return any(
        place.agency == each["agency"] and place.case in each["cases"]
        for each in answers_file()["outstanding"]
    )


def is_begun(place: DemonstrationRequest) -> bool:
    """Whether this request is outstanding and somebody has saved a draft of it."""
    return any(
        place.agency == each["agency"] and place.case in each.get("begun", ())
        for each in answers_file()["outstanding"]
    )


def returned_answers(
    returned: Iterable[DemonstrationRequest],
) -> dict[DemonstrationRequest, tuple[GivenAnswer, ...]]:
    """What each of the 77 returns says."""
    given: dict[DemonstrationRequest, list[GivenAnswer]] = {
        place: [] for place in sorted(returned, key=lambda each: each.repeatable_number("return"))
    }
    for question, said in answers_file()["questions"].items():
        answered = sorted(given, key=lambda place: place.repeatable_number(question))[said["blank"] :]
        if "items" in said:
            _answer_checklist(question, said, answered, given)
        else:
            _answer_choice(question, said, answered, given)
    return {place: tuple(each) for place, each in given.items()}


def draft() -> tuple[GivenAnswer, ...]:
    """What somebody had answered before they were called away."""
    return (
        GivenAnswer("supervision", option="yes"),
        GivenAnswer(
            "supervision", item="comment", text="Checked to the end of last month; the rest is with the team."
        ),
        GivenAnswer("contributed_to_lived_experience", option="yes"),
    )


def _answer_checklist(
    question: str,
    said: Mapping[str, Any],
    answered: list[DemonstrationRequest],
    given: dict[DemonstrationRequest, list[GivenAnswer]],
) -> None:
    for name, count in said["items"].items():
        ticked = set(
            sorted(answered, key=lambda place: place.repeatable_number(f"{question}/{name}"))[:count]
        )
        for place in answered:
            given[place].append(GivenAnswer(question, item=name, option="yes" if place in ticked else "no"))
    commented = [place for place in answered if place.repeatable_number("comment") % 100 < COMMENTED_PER_CENT]
    for number, place in enumerate(commented):
        given[place].append(_comment(question, said["comments"], number))


def _answer_choice(
    question: str,
    said: Mapping[str, Any],
    answered: list[DemonstrationRequest],
    given: dict[DemonstrationRequest, list[GivenAnswer]],
) -> None:
    first, left = said.get("first", {}), list(answered)
    # Those that are likelier somewhere are placed there before the rest are dealt out.
    for option in sorted(said["options"], key=lambda each: each not in first):
        wanted = first.get(option, ())
        likelier = [place for place in left if place.is_any_of(wanted)]
        left = likelier + [place for place in left if place not in likelier]
        count = said["options"][option]
        chosen, left = left[:count], left[count:]
        left.sort(key=lambda place: place.repeatable_number(question))
        for number, place in enumerate(sorted(chosen, key=lambda place: place.repeatable_number(question))):
            given[place].append(GivenAnswer(question, option=option))
            given[place].extend(_comments(question, said, option, number, place))


def _comments(
    question: str, said: Mapping[str, Any], option: str, number: int, place: DemonstrationRequest
) -> list[GivenAnswer]:
    if "pairs" in said:
        first, second = said["pairs"]["first"], said["pairs"]["second"]
        text = f"{first[number % len(first)]} {second[number % len(second)]}"
        return [GivenAnswer(question, item="comment", text=text)] if option == "yes" else []
    pool = said.get("comments", {}).get(option, ())
    always = (question, option) in ALWAYS_COMMENTED
    if not pool or not (always or place.repeatable_number(f"{question}/comment") % 100 < COMMENTED_PER_CENT):
        return []
    return [_comment(question, pool, number)]


def _comment(question: str, pool: list[str], number: int) -> GivenAnswer:
    return GivenAnswer(question, item="comment", text=pool[number % len(pool)])


# Answers that the form asks a comment for.
ALWAYS_COMMENTED = {
    ("previous_plan_on_file", "another_source"),
    ("work_since_previous_plan", "another_source"),
    ("raised_concerns", "yes"),
}
