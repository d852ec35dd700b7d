"""Events as the log shows them: who, in which words, and about what; no id of a row, address or answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.answering.models import RECEIVED_BY, REOPENING_REASONS
from surveyapp.concluding.models import STATUSES
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import names_today
from surveyapp.foundation.web.actor import roles_in_words
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.models import NARRATIVES
from surveyapp.log.event_kinds import ACCOUNTS, words_of
from surveyapp.log.row_names import RowName, RowNames
from surveyapp.retention.purging.purge_words import KIND_WORDS
from surveyapp.tracking.event_sentences import ACTIONS_WITH_PERSON, OTHER_ACTORS

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GRANT = re.compile(r"grant \d+")
_ROW_OF_ACCOUNT = re.compile(r"staff (\d+)")


@dataclass(frozen=True)
class LoggedEvent:
    """One event in words.

    `who` is today’s name of the person, `who_then` the one that the log keeps, `whose` the agency of a
    contact. `account` and `account_id` are the member of staff whose account it was about, if not their own.
    """

    at: datetime
    action: str
    who: str
    who_then: str
    whose: str
    words: str
    about: RowName | None
    account: str = ""
    account_id: int | None = None


def in_words(events: Sequence[Event], names: RowNames) -> list[LoggedEvent]:
    """These events in words; `names` has to have read what they mention.

    Takes one statement, for the names that people have today.
    """
    accounts = {event.id: _account(event) for event in events}
    then = {event.actor for event in events} | {name for name, _detail in accounts.values() if name}
    today = names_today(then)
    return [_logged(event, names, today, accounts[event.id]) for event in events]


def _logged(event: Event, names: RowNames, today: dict[str, str], account: tuple[str, str]) -> LoggedEvent:
    contact = names.of(event.actor, event.at) if _GRANT.fullmatch(event.actor) else None
    if contact is not None:
        who = who_then = contact.name
    elif _GRANT.fullmatch(event.actor):
        who = who_then = "A contact"
    else:
        who_then = OTHER_ACTORS.get(event.actor, event.actor)
        who = OTHER_ACTORS.get(event.actor, today[event.actor])
    named, detail = account
    about_self = not named or named == event.actor
    number = _ROW_OF_ACCOUNT.fullmatch(event.object)
    return LoggedEvent(
        at=event.at,
        action=event.action,
        who=who,
        who_then=who_then,
        whose=contact.agency if contact else "",
        words=_words(event, names, detail),
        about=_about(event, names),
        account="" if about_self else today[named],
        account_id=None if about_self or number is None else int(number[1]),
    )


def _words(event: Event, names: RowNames, account_detail: str) -> str:
    other = names.of(event.detail, event.at) if _GRANT.search(event.detail) else None
    if event.action == "replaced_contact" and other is not None:
        replaced = names.of(event.object, event.at)
        return f"asked {other.name} instead of {replaced.name if replaced else 'the contact'}"
    if event.action in ACTIONS_WITH_PERSON and other is not None:
        return ACTIONS_WITH_PERSON[event.action].format(other.name)
    if event.action in _FROM_AN_AUDIT and (source := names.of(event.detail, event.at)) is not None:
        return f"{words_of(event.action)}: {source.audit}"
    words, detail = words_of(event.action), account_detail
    if event.action in WITH_WORDS:
        detail = _with_days(event.detail)
    elif event.action in _DETAILS:
        detail = _DETAILS[event.action](event.detail)
    return f"{words}: {detail}" if detail else words


def _about(event: Event, names: RowNames) -> RowName | None:
    """What an event was about: a row that was deleted is named by what its detail says, as far as it does."""
    if event.object.startswith("day "):
        return RowName(_with_days(event.object.removeprefix("day ")))
    about = names.of(event.object, event.at)
    # The event of a removed case names its audit in `detail`, that of a deleted contact the agency.
    return about or (names.of(event.detail, event.at) if event.action in _SAYS_WHERE else None)


_FROM_AN_AUDIT = {"copied_audit", "copied_grid"}
_SAYS_WHERE = {"removed_case", "deleted_contact", "added_contact"}


def _account(event: Event) -> tuple[str, str]:
    """Of an event about an account: the name of its person then, and the rest of its detail in words."""
    detail = event.detail
    if event.action not in ACCOUNTS.kinds:
        return "", ""
    if event.action in {"added_staff", "invited_staff"}:
        name, _, roles = detail.rpartition(": ")
        return name, _roles(roles)
    if event.action == "changed_roles":
        name, _, roles = detail.rpartition(": ")
        chosen, _, before = roles.partition(", before ")
        return name, f"now {_roles(chosen)}, before {_roles(before)}"
    if event.action in {"failed_sign_in", "refused_sign_in"}:
        return _try(event)
    if event.action in {"signed_in", "refused_identity", "renamed_staff"}:
        return "", detail
    return detail, ""


def _try(event: Event) -> tuple[str, str]:
    """Of a try to sign in: whose account it was, and why it was refused and from which network."""
    rest, _, source = event.detail.rpartition("from ")
    rest, network = rest.removesuffix(", "), f"from network {source}"
    if event.object == "no account":
        return "", ", ".join(filter(None, ("an address that has no account", rest, network)))
    if event.action == "failed_sign_in":
        return rest, network
    name, _, why = rest.rpartition(", ")
    return name, f"{why}, {network}"


def _roles(stored: str) -> str:
    return roles_in_words(frozenset(stored.split())).lower() or stored


def _with_days(detail: str) -> str:
    """A detail whose days are written as people say them."""

    def written(day: re.Match[str]) -> str:
        try:
            return day_in_words(date.fromisoformat(day[0]))
        except ValueError:
            return day[0]

    return _DAY.sub(written, detail)


def _sample_exchange(detail: str) -> str:
    out, _, into = detail.partition(" for ")
    return f"row {out} of the list for row {into}" if into else ""


def _document(detail: str) -> str:
    return f"the {detail}" if detail in {"report", "brief"} else ""


def _status(detail: str) -> str:
    _action, _, status = detail.partition(": ")
    return STATUSES.get(status, "").lower()


# Actions whose detail is words already, such as “6 requests to 2 contacts”, perhaps with a day among them.
WITH_WORDS = frozenset(
    (
        "added_cases",
        "asked_for_deletion",
        "asked_involvement",
        "began_themes",
        "changed_dates",
        "changed_references",
        "changed_retention",
        "chose_agencies",
        "chose_sample",
        "closed_returns",
        "deleted_agency",
        "deleted_audit",
        "ended_all_links",
        "exported_audit",
        "exported_contacts",
        "exported_log",
        "gave_time",
        "issued_requests",
        "judged_comments",
        "kept_findings",
        "kept_in_report",
        "left_out_of_chaser",
        "noted_call",
        "planned_issue",
        "planned_re_audit",
        "planned_review",
        "put_back_into_chaser",
        "queued_action_due",
        "queued_chasers",
        "read_list",
        "reminded_of_involvement",
        "removed_chaser_line",
        "removed_events",
        "reopened_returns",
        "saved_benchmark",
        "selected_sample",
        "set_retention",
        "skipped_chaser",
        "took_back_skip",
        "wrote_chaser_line",
    )
)
# What the detail of other actions says; that of the rest names rows, and is left out.
_DETAILS: dict[str, Callable[[str], str]] = {
    "saw_return": lambda detail: f"the {detail}" if detail in {"return", "draft"} else "",
    "exchanged_in_sample": _sample_exchange,
    "put_back_on_list": lambda row: f"row {row} of the list" if row.isdecimal() else "",
    "keyed_in_return": lambda key: RECEIVED_BY.get(key, ""),
    "keyed_in_nil_return": lambda key: RECEIVED_BY.get(key, ""),
    "reopened_return": lambda key: REOPENING_REASONS.get(key, ""),
    "wrote_narrative": lambda key: NARRATIVES.get(key, ""),
    "removed_narrative": lambda key: NARRATIVES.get(key, ""),
    "updated_action": _status,
    "began_purge": lambda kind: KIND_WORDS.get(kind, "").lower(),
    **dict.fromkeys(("proposed_release", "withdrew_proposal", "sent_proposal_back"), _document),
}
