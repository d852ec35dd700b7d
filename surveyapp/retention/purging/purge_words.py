"""Purges in words: what goes and what stays, who purged, and until when backups may hold it."""

from collections.abc import Mapping
from datetime import date, timedelta

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import Settings
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.retention.models import DRAFTS, EVERYTHING, RETURNS, PurgeCertificate
from surveyapp.retention.schedule import SCHEDULE

KIND_WORDS = {
    DRAFTS: "Drafts that were never returned",
    RETURNS: "Returns, and what names a child to an agency",
    EVERYTHING: "All that was left of the audit",
}
_OTHER_ACTORS = {
    "worker": "The program, on the day",
    "command": "Someone at the command line",
    "restore": "The program, as it restored a backup",
}


def rows_in_words(counts: Mapping[str, int]) -> list[str]:
    """Counts by table in words, in the order of the schedule: 90 requests, 77 returns and drafts."""
    return [holding.counted(counts[name]) for name, holding in SCHEDULE.items() if counts.get(name)]


def purged_by_in_words(actor: str) -> str:
    """Who purged: a person’s name, or the program."""
    return _OTHER_ACTORS.get(actor, actor)


def backups_end_on(certificate: PurgeCertificate, periods: Settings) -> date | None:
    """The UK day from which no backup holds what a purge removed; None until it has ended.

    A backup of the day on which it ended may have been made before.
    """
    if certificate.finished_at is None:
        return None
    return local_day(certificate.finished_at) + timedelta(days=periods.keep_backups_days + 1)


def backups_in_words(certificate: PurgeCertificate, periods: Settings) -> str:
    """Until when backups may hold what a purge removed, in a sentence."""
    kept = counted(periods.keep_backups_days, "day")
    day = backups_end_on(certificate, periods)
    if day is None:
        return f"Backups made before it ends may hold it for {kept} more."
    return f"You keep backups for {kept}: from {day_in_words(day)} on, no backup holds it."


def traces_in_words(dialect: str) -> str:
    """What the database of this kind leaves of removed rows, in a sentence or two."""
    if dialect == "sqlite":
        return (
            "Removed rows are overwritten in the database’s file, which is then written afresh. The disk may "
            "keep what the old file held until it uses the space again, so the disk has to be encrypted."
        )
    return (
        "PostgreSQL frees the space of removed rows at once, and overwrites it when it needs it. Until then, "
        "and in its write-ahead log and any standby, traces can be found by whoever reads the server’s "
        "files, so its disks have to be encrypted. Comments among them cannot be read without the key file."
    )
