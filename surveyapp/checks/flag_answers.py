"""The answers to what the checks found, kept by name with a reason: of a brief and of a report alike."""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Generic, TypeVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.checks.flags import CHECKS, Flag
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.foundation.store.keys import derive_key, keys
from surveyapp.foundation.words.clean_text import has_letter_or_digit
from surveyapp.foundation.words.shares import counted

LONGEST_REASON = 500
# Two letters beside each other: “ok” is a word, “.” and “1” are none.
_WORD = re.compile(r"[^\W\d_]{2}")
# Marks that are stored already were made under this label, so it stays as it is.
_LABEL = "surveyapp/brief-flag/v1"


class FlagsUnanswered(Refused):
    """A brief or report that is not to leave before somebody has answered what the checks found."""

    way_on = "Change the text, or keep it and say why; then release it."

    def __init__(self, waiting: int, what: str) -> None:
        """Say how many, and of what: "brief" or "report"."""
        said = counted(waiting, "finding waits", "findings wait")
        super().__init__(f"{said} for an answer, so the {what} is not released.")


def check_approver(approver: str) -> None:
    """Raise Refused where nobody is named: a release stands on somebody."""
    if not has_letter_or_digit(approver):
        raise Refused("Nobody is named as approver.", way_on="Enter your name and role, then press again.")


class FlagAnswer:
    """The columns of an answer: a finding that a named approver chose to keep, and why (stories EX4).

    `mark` is a keyed digest of the finding: the words themselves stand in the brief or the report alone.
    """

    mark: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(EncryptedText)
    approver: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime]


KeptFlagT = TypeVar("KeptFlagT", bound=FlagAnswer)


@dataclass(frozen=True)
class FlagWithAnswer(Generic[KeptFlagT]):
    """One finding of the checks, its mark, and the answer that keeps it, if there is one."""

    flag: Flag
    mark: str
    kept: KeptFlagT | None


def flags_with_answers(
    flags: Iterable[Flag], answers: Iterable[KeptFlagT]
) -> tuple[FlagWithAnswer[KeptFlagT], ...]:
    """Each finding with its answer among these."""
    by_mark = {each.mark: each for each in answers}
    found = []
    for flag in flags:
        marks = _marks_of(flag)
        found.append(
            FlagWithAnswer(flag, marks[0], next((by_mark[each] for each in marks if each in by_mark), None))
        )
    return tuple(found)


def _marks_of(flag: Flag) -> list[str]:
    """What a finding is known by where its answer is kept: a keyed digest, by the newest key first."""
    plain = flag.key.encode()
    return [hmac.new(derive_key(key, _LABEL), plain, sha256).hexdigest() for key in keys().link]


def unanswered_count(findings: Iterable[FlagWithAnswer[KeptFlagT]]) -> int:
    """How many findings nobody has answered."""
    return sum(each.kept is None for each in findings)


def flags_by_check(
    findings: Sequence[FlagWithAnswer[KeptFlagT]],
) -> list[tuple[str, str, list[FlagWithAnswer[KeptFlagT]]]]:
    """The findings as a page lists them: the name of each check, its words, and what it found."""
    return [
        (name, words, [each for each in findings if each.flag.check == name])
        for name, words in CHECKS.items()
    ]


def keep_flags(
    findings: Sequence[FlagWithAnswer[KeptFlagT]],
    reasons: Mapping[str, str],
    *,
    new: Callable[[str], KeptFlagT],
    approver: str,
    now: datetime,
) -> int:
    """Keep findings as they stand, each by its mark with its own reason; how many were answered.

    `new` makes an answer to a mark. An empty reason answers nothing; a mark that no finding has now is
    dropped. An answer given before is replaced. Raises Refused where nobody is named, for a reason without a
    word, such as a full stop, and for one of over 500 characters.
    """
    check_approver(approver)
    count = 0
    for each in findings:
        reason = reasons.get(each.mark, "").strip()
        if not reason:
            continue
        if not _WORD.search(reason):
            raise Refused(
                f"“{reason[:LONGEST_REASON]}” is no reason for keeping “{each.flag.wording}”.",
                way_on="Say in words why it stays, then press again.",
            )
        if len(reason) > LONGEST_REASON:
            raise Refused(
                f"The reason for “{each.flag.wording}” is longer than {LONGEST_REASON} characters.",
                way_on="Shorten it, then press again.",
            )
        answer = each.kept or new(each.mark)
        session.add(answer)
        answer.reason, answer.approver, answer.kept_at = reason, approver, now
        count += 1
    return count
