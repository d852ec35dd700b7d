"""Answers to flags, stored by keyed digest with name and reason; briefs and reports share them."""

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
from surveyapp.foundation.words.shares import counted

LONGEST_REASON = 500
# Two letters in a row.
_WORD = re.compile(r"[^\W\d_]{2}")
# Stored marks were made under this label, so changing it would lose every answer.
_LABEL = "surveyapp/brief-flag/v1"


class FlagsUnanswered(Refused):
    """Raised when a brief or report is proposed or released while flags are unanswered."""

    way_on = "Change the text, or keep it and say why; then press again."

    def __init__(self, waiting: int, what: str) -> None:
        """`waiting` is the number of unanswered flags; `what` is "brief" or "report"."""
        findings = counted(waiting, "finding waits", "findings wait")
        super().__init__(f"{findings} for an answer, so the {what} cannot be released.")


def has_words(text: str) -> bool:
    """Whether a reason has a word: “ok” is one, “.” and “1” are not."""
    return _WORD.search(text) is not None


class FlagAnswer:
    """The columns of an answer: a flag that somebody chose to keep, and why (stories EX4).

    `mark` is a keyed digest of the flag, so that its words are stored only in the brief or the report.
    `approver` is who gave the reason: the member of staff, or a typed name in rows up to November 2026.
    """

    mark: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(EncryptedText)
    approver: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime]


KeptFlagT = TypeVar("KeptFlagT", bound=FlagAnswer)


@dataclass(frozen=True)
class FlagWithAnswer(Generic[KeptFlagT]):
    """A flag, its mark, and the stored answer; `kept` is None while the flag is unanswered."""

    flag: Flag
    mark: str
    kept: KeptFlagT | None


def flags_with_answers(
    flags: Iterable[Flag], answers: Iterable[KeptFlagT]
) -> tuple[FlagWithAnswer[KeptFlagT], ...]:
    """Pair each flag with its answer."""
    by_mark = {answer.mark: answer for answer in answers}
    paired = []
    for flag in flags:
        marks = _marks_of(flag)
        answer = next((by_mark[mark] for mark in marks if mark in by_mark), None)
        paired.append(FlagWithAnswer(flag, marks[0], answer))
    return tuple(paired)


def _marks_of(flag: Flag) -> list[str]:
    """Keyed digests of a flag, one for each link key, newest first."""
    plain = flag.key.encode()
    return [hmac.new(derive_key(key, _LABEL), plain, sha256).hexdigest() for key in keys().link]


def unanswered_count(findings: Iterable[FlagWithAnswer[KeptFlagT]]) -> int:
    """The number of flags without an answer."""
    return sum(finding.kept is None for finding in findings)


def flags_by_check(
    findings: Sequence[FlagWithAnswer[KeptFlagT]],
) -> list[tuple[str, str, list[FlagWithAnswer[KeptFlagT]]]]:
    """Group flags as a page lists them: the name of each check, its heading, and its flags."""
    return [
        (name, words, [finding for finding in findings if finding.flag.check == name])
        for name, words in CHECKS.items()
    ]


def keep_flags(
    findings: Sequence[FlagWithAnswer[KeptFlagT]],
    reasons: Mapping[str, str],
    *,
    new: Callable[[str], KeptFlagT],
    actor: str,
    now: datetime,
) -> int:
    """Store somebody's reasons for keeping flagged words, by mark; return how many were stored.

    `new` makes an answer to a mark. Empty reasons and marks of no flag in `findings` are ignored; an earlier
    answer is replaced. Raises Refused if a reason has no word or more than 500 characters.
    """
    count = 0
    for finding in findings:
        reason = reasons.get(finding.mark, "").strip()
        if not reason:
            continue
        if not has_words(reason):
            raise Refused(
                f"“{reason[:LONGEST_REASON]}” is no reason for keeping “{finding.flag.wording}”.",
                way_on="Say in words why it stays, then press again.",
            )
        if len(reason) > LONGEST_REASON:
            raise Refused(
                f"The reason for “{finding.flag.wording}” is longer than {LONGEST_REASON} characters.",
                way_on="Shorten it, then press again.",
            )
        answer = finding.kept or new(finding.mark)
        session.add(answer)
        answer.reason, answer.approver, answer.kept_at = reason, actor, now
        count += 1
    return count
