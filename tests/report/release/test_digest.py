"""An unchanged report has the same digest in every version of the program, so its release stays valid."""

from dataclasses import fields, replace
from datetime import timedelta
from hashlib import sha256
from typing import get_args

import pytest

from surveyapp.report.parts import FiguresAsOf, Heading, Paragraph, Quoted, Report, ReportPart, Section, Table
from surveyapp.report.release.digest import COVERED_VALUES, is_released_as, release_digest
from tests.conftest import MONDAY_MORNING
from tests.report.released_report import RELEASED_REPORT

RELEASED_DIGEST = "c07892c66e7018ff1c719a98f6c5e37b476ffd5fe7517e51e27719279a8aa4dd"
# The digest that the version of 30 November 2026 stored when it released this report at nine o’clock.
DIGEST_WITH_MINUTE = "81922de97fcce96bdb1da685c250da8b78e767951a4e632117ce9f8c151b2f2e"
# Fields that readers do not see, and the time of reading. A field added later is covered by the digest or
# named here.
NOT_COVERED = {
    Heading: {"section"},
    FiguresAsOf: {"text"},
    Table: {"typed", "owners"},
    Quoted: {"is_gone"},
    Section: {"about"},
}
# On the title page, these say when the report was read or never change.
NOT_COVERED_OF_REPORT = {"kicker", "figures_as_of", "returns", "approved"}


def read_later(report: Report) -> Report:
    """The same report, read two days later."""
    [returns, *rest] = report.sections
    note = FiguresAsOf(
        "Figures as they stood on Wednesday, with returns still open.", "with returns still open"
    )
    return replace(
        report,
        day="2 December 2026",
        figures_as_of="Later.",
        sections=(replace(returns, parts=(note,)), *rest),
    )


def test_a_report_that_an_earlier_version_released_is_still_the_same() -> None:
    assert release_digest(RELEASED_REPORT) == RELEASED_DIGEST
    assert release_digest(read_later(RELEASED_REPORT)) == RELEASED_DIGEST


def test_a_release_whose_digest_held_the_minute_is_still_recognised() -> None:
    def is_same(report: Report, *, minutes: int = 0) -> bool:
        released_at = MONDAY_MORNING + timedelta(minutes=minutes)
        return is_released_as(report, content=DIGEST_WITH_MINUTE, released_at=released_at)

    assert is_same(RELEASED_REPORT)
    assert is_same(read_later(RELEASED_REPORT))
    assert not is_same(RELEASED_REPORT, minutes=1)
    assert not is_same(replace(RELEASED_REPORT, author="Bo Lee"))


def test_the_digest_covers_whether_returns_were_open() -> None:
    [returns, *rest] = RELEASED_REPORT.sections
    note = FiguresAsOf("Figures as they stood, after returns had closed.", "after returns had closed")
    closed = replace(RELEASED_REPORT, sections=(replace(returns, parts=(note,)), *rest))
    assert release_digest(closed) != RELEASED_DIGEST


def test_the_digest_is_that_of_the_form_that_earlier_versions_wrote() -> None:
    report = replace(
        RELEASED_REPORT,
        title="T",
        author="A",
        sections=(Section("S", "s", (Paragraph("It's"),), sections=(Section("U"),)),),
    )
    written = (
        "('T', 'A', 'Northshire Safeguarding Partnership', '', (Section(title='S', key='s', "
        "parts=(Paragraph(text=\"It's\", lead='', number='', marked=False),), own='', "
        "sections=(Section(title='U', key='', parts=(), own='', sections=(), numbered=True),), "
        "numbered=True),))"
    )
    assert release_digest(report) == sha256(written.encode()).hexdigest()


@pytest.mark.parametrize("part", get_args(ReportPart))
def test_every_value_of_a_part_is_covered_or_left_out_on_purpose(part: type) -> None:
    names = {field.name for field in fields(part)}
    assert set(COVERED_VALUES[part][1]) == names - NOT_COVERED.get(part, set())


def test_every_value_of_a_section_is_covered() -> None:
    [returns, first, *rest] = RELEASED_REPORT.sections
    changed = [
        replace(first, title="Other"),
        replace(first, key="other"),
        replace(first, own="Other"),
        replace(first, numbered=False),
        replace(first, parts=()),
        replace(first, sections=()),
    ]
    assert len(changed) == len(fields(Section)) - len(NOT_COVERED[Section])
    digests = {
        release_digest(replace(RELEASED_REPORT, sections=(returns, section, *rest))) for section in changed
    }
    assert len(digests | {RELEASED_DIGEST}) == len(changed) + 1


def test_the_digest_covers_the_title_page_and_a_day_that_the_author_chose() -> None:
    chosen = replace(RELEASED_REPORT, is_day_chosen=True)
    changed = [
        replace(RELEASED_REPORT, title="Other"),
        replace(RELEASED_REPORT, author="Bo Lee"),
        replace(RELEASED_REPORT, partnership="Southshire Safeguarding Partnership"),
        replace(RELEASED_REPORT, sections=()),
        chosen,
        replace(chosen, day="1 December 2026"),
    ]
    assert len(changed) == len(fields(Report)) - len(NOT_COVERED_OF_REPORT)
    assert len({release_digest(report) for report in changed} | {RELEASED_DIGEST}) == len(changed) + 1
    approved = replace(RELEASED_REPORT, approved="Approved.", day="1 December 2026", returns=17)
    assert release_digest(approved) == RELEASED_DIGEST
