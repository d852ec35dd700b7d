"""What the business manager says of an audit and of a case, on a page or in a file alike."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.ages import AGE_NOT_KNOWN, Age
from surveyapp.planning.models import DEFAULT_CHASERS, Audit

# No day of an audit is further ahead than this.
PLANNING_HORIZON = timedelta(days=5 * 366)
# A chaser leaves at most a quarter of a year of working days from the due date.
FURTHEST_CHASER = 65
MOST_CHASERS = 12

GENDERS = ("female", "male", "non-binary", "not known")
CATEGORIES = ("neglect", "emotional abuse", "physical abuse", "sexual abuse")
PLANS = ("child protection", "child in need", "early help", "looked after")


@dataclass(frozen=True)
class AuditDetails:
    """One round on one theme, as it is planned; days are UK days, chasers working days from the due date."""

    title: str
    form_id: str
    theme: str = ""
    terms_of_reference: str = ""
    aim: str = ""
    authority: str = ""
    key_message: str = ""
    issue_on: date | None = None
    due_on: date | None = None
    close_on: date | None = None
    chasers: tuple[int, ...] = DEFAULT_CHASERS
    escalate_from: int | None = None
    # None: as soon as the audit holds any agency's own reference.
    ask_for_code: bool | None = None


@dataclass(frozen=True)
class CaseDetails:
    """One child's case, by pseudonym."""

    pseudonym: str
    age: Age = AGE_NOT_KNOWN
    gender: str = ""
    category: str = ""
    plan: str = ""
    sibling_group: str = ""
    needs: tuple[str, ...] = ()


def stored_details(audit: Audit) -> AuditDetails:
    """What is stored of an audit, as it would be typed."""
    stored = {field.name: getattr(audit, field.name) for field in fields(AuditDetails)}
    return AuditDetails(**{**stored, "chasers": tuple(sorted(audit.chasers))})


def value_digest(value: object) -> str:
    """The digest of one value; a list counts without its order."""
    return row_digest(value=sorted(value) if isinstance(value, list | tuple) else value)


def details_digests(details: AuditDetails) -> str:
    """The digest of each detail, as a page carries them."""
    return join_digests({name: value_digest(value) for name, value in asdict(details).items()})


def join_digests(found: dict[str, str]) -> str:
    """Digests in one line, to be read by `split_digests`."""
    return " ".join(f"{name}:{mark}" for name, mark in found.items())


def split_digests(text: str) -> dict[str, str]:
    """The digests that a page carried, by the name of the detail; other names are left out."""
    known = {field.name for field in fields(AuditDetails)}
    pairs = (each.partition(":") for each in text.split())
    return {name: mark for name, _, mark in pairs if name in known}


def date_problems(
    issue_on: date | None, due_on: date | None, close_on: date | None
) -> Iterator[tuple[str, str]]:
    """Which date stands before one it follows: the later one's name, and the sentence."""
    if issue_on and due_on and due_on < issue_on:
        yield "due_on", f"Returns cannot be due before {day_in_words(issue_on)}, when the audit is issued"
    if due_on and close_on and close_on < due_on:
        yield "close_on", f"Returns cannot close before {day_in_words(due_on)}, when they are due"
    if issue_on and close_on and not due_on and close_on < issue_on:
        yield "close_on", f"Returns cannot close before {day_in_words(issue_on)}, when the audit is issued"


def chaser_problems(chasers: Sequence[int], escalate_from: int | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a rhythm of chasers: whose it is, and the sentence."""
    far = [offset for offset in chasers if abs(offset) > FURTHEST_CHASER]
    if far:
        yield "chasers", f"{far[0]} is more than {FURTHEST_CHASER} working days from the due date"
    if len(set(chasers)) < len(chasers):
        twice = next(offset for offset in chasers if chasers.count(offset) > 1)
        yield "chasers", f"{twice} is there twice; each chaser leaves once"
    if len(chasers) > MOST_CHASERS:
        yield "chasers", f"That is {len(chasers)} chasers; send at most {MOST_CHASERS}"
    if escalate_from is not None and escalate_from not in chasers:
        yield "escalate_from", f"No chaser leaves at {escalate_from}: escalate from one of the chasers"
