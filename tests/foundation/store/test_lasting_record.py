import json
import multiprocessing
import resource
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.lasting_record import (
    MOST_SUPERSEDED,
    LastingRecord,
    LastingRecordUnusable,
    LogEnd,
    RecordedLink,
    append_to_record,
    audit_key,
    purged_audits,
    read_record,
    record_file,
    record_link,
    record_links,
    record_log_end,
    record_purged,
)

pytestmark = pytest.mark.usefixtures("app")

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_what_is_recorded_is_read_again() -> None:
    record_purged("3@2026-03-09T08:30:00Z", NOON)
    record_link("a" * 24, 2, is_withdrawn=True)
    record = read_record(record_file())
    assert record.purged == {"3@2026-03-09T08:30:00Z": NOON} == purged_audits()
    assert record.links == {"a" * 24: RecordedLink("a" * 24, 2, is_withdrawn=True)}


def test_of_the_log_the_end_that_was_recorded_last_counts_in_a_file_that_stays_small() -> None:
    record_link("a" * 24, 2, is_withdrawn=True)
    for number in (*range(2, MOST_SUPERSEDED + 9), 1):
        record_log_end(LogEnd(number, f"{number:064}", NOON))
        record_log_end(LogEnd(number, f"{number:064}", NOON))
    record = read_record(record_file())
    assert record.log_end == LogEnd(1, f"{1:064}", NOON)
    assert len(record.links) == 1
    assert len(record_file().read_text().splitlines()) < 20


def test_nothing_is_recorded_before_the_first_line() -> None:
    assert not record_file().exists()
    assert purged_audits() == {}


def test_the_record_stands_beside_the_keys_for_its_owner_alone() -> None:
    record_link("a" * 24, 2, is_withdrawn=False)
    assert record_file().parent == settings().key_file.parent
    assert stat.S_IMODE(record_file().stat().st_mode) == 0o600


def test_an_audit_is_named_by_its_number_and_the_moment_it_was_made() -> None:
    made = datetime(2026, 3, 9, 8, 30, 0, 5, tzinfo=UTC)
    summer = timezone(timedelta(hours=1))
    assert audit_key(3, made) == "3@2026-03-09T08:30:00.000005Z" == audit_key(3, made.astimezone(summer))
    assert audit_key(3, made + timedelta(microseconds=1)) != audit_key(3, made)


def test_of_a_link_the_highest_version_counts_and_withdrawn_stays_withdrawn() -> None:
    record_link("a" * 24, 3, is_withdrawn=True)
    record_link("a" * 24, 2, is_withdrawn=False)
    record_link("a" * 24, 3, is_withdrawn=False)
    assert read_record(record_file()).links["a" * 24] == RecordedLink("a" * 24, 3, is_withdrawn=True)
    record_link("a" * 24, 4, is_withdrawn=False)
    assert read_record(record_file()).links["a" * 24] == RecordedLink("a" * 24, 4, is_withdrawn=False)


def test_the_same_again_writes_nothing() -> None:
    links = [RecordedLink("a" * 24, 2, is_withdrawn=True), RecordedLink("b" * 24, 5, is_withdrawn=False)]
    assert record_links(links) == 2
    before = record_file().read_bytes()
    assert record_links(links) == 0
    record_purged("1@2026-03-09T08:30:00Z", NOON)
    record_purged("1@2026-03-09T08:30:00Z", NOON + timedelta(days=1))
    assert record_file().read_bytes().startswith(before)
    assert purged_audits() == {"1@2026-03-09T08:30:00Z": NOON}
    assert len(record_file().read_bytes().splitlines()) == 3


def test_a_line_that_a_crash_cut_short_is_left_out_and_written_over() -> None:
    record_link("a" * 24, 2, is_withdrawn=True)
    with record_file().open("ab") as file:
        file.write(b'{"purged": "3@2026-0')
    assert purged_audits() == {}
    record_purged("4@2026-03-09T08:30:00Z", NOON)
    assert purged_audits() == {"4@2026-03-09T08:30:00Z": NOON}
    assert [json.loads(line) for line in record_file().read_bytes().splitlines()]


@pytest.mark.parametrize("line", ["{}", "[]", "nonsense", '{"purged": "3@x", "at": "yesterday"}', ""])
def test_a_damaged_line_is_refused_and_not_passed_over(line: str) -> None:
    record_link("a" * 24, 2, is_withdrawn=True)
    with record_file().open("a") as file:
        file.write(f"{line}\n")
    for use in (purged_audits, lambda: record_link("b" * 24, 2, is_withdrawn=True)):
        with pytest.raises(LastingRecordUnusable, match="Line 2 of"):
            use()


def test_superseded_lines_are_taken_out() -> None:
    record_purged("3@2026-03-09T08:30:00Z", NOON)
    for version in range(2, MOST_SUPERSEDED + 5):
        record_link("a" * 24, version, is_withdrawn=version % 2 == 0)
    lines = record_file().read_bytes().splitlines()
    assert len(lines) < MOST_SUPERSEDED / 2
    record = read_record(record_file())
    assert record.links["a" * 24] == RecordedLink("a" * 24, MOST_SUPERSEDED + 4, is_withdrawn=True)
    assert record.purged == {"3@2026-03-09T08:30:00Z": NOON}
    assert stat.S_IMODE(record_file().stat().st_mode) == 0o600


def test_a_record_that_cannot_be_written_is_said_in_a_sentence() -> None:
    record_file().mkdir()
    with pytest.raises(LastingRecordUnusable, match="cannot be written") as refused:
        record_purged("3@2026-03-09T08:30:00Z", NOON)
    assert "SURVEY_LASTING_RECORD" in refused.value.way_on


def test_after_a_full_disk_the_file_ends_where_it_ended_before() -> None:
    record_link("a" * 24, 2, is_withdrawn=True)
    before = record_file().read_bytes()
    _soft, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        with pytest.raises(LastingRecordUnusable, match="cannot be written: File too large"):
            record_link("b" * 24, 2, is_withdrawn=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert record_file().read_bytes() == before


def _record_many(file: Path, name: str) -> None:
    for version in range(1, 151):
        append_to_record(file, LastingRecord(links={name: RecordedLink(name, version, is_withdrawn=False)}))


def test_processes_that_record_at_once_lose_no_line(tmp_path: Path) -> None:
    file = tmp_path / "lasting-record.jsonl"
    names = [letter * 24 for letter in "abcd"]
    running = [
        multiprocessing.get_context("spawn").Process(target=_record_many, args=(file, name)) for name in names
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert {name: link.version for name, link in read_record(file).links.items()} == dict.fromkeys(names, 150)
