"""An unchanged report has the same digest in every version of the program, so its release stays valid."""

from dataclasses import fields, replace
from hashlib import sha256
from typing import get_args

import pytest

from surveyapp.report.parts import Heading, Paragraph, Quoted, ReportPart, Section, Table
from surveyapp.report.release.digest import COVERED_VALUES, release_digest
from tests.report.released_report import RELEASED_REPORT

# The digest that the version of 30 November 2026 made from the repr() of the values.
RELEASED_DIGEST = "867c166c719ee1dbda4d26d46b7114de04226c3227274aba39d91ea4330b5387"
# Fields that readers do not see. A field added later is covered by the digest or named here.
NOT_COVERED = {Heading: {"section"}, Table: {"typed", "owners"}, Quoted: {"is_gone"}, Section: {"about"}}


def test_a_report_that_an_earlier_version_released_is_still_the_same() -> None:
    assert release_digest(RELEASED_REPORT) == RELEASED_DIGEST


def test_the_digest_is_that_of_the_form_that_earlier_versions_wrote() -> None:
    report = replace(
        RELEASED_REPORT,
        title="T",
        author="A",
        sections=(Section("S", "s", (Paragraph("It's"),), sections=(Section("U"),)),),
    )
    written = (
        "('T', 'A', (Section(title='S', key='s', "
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
    [first, *rest] = RELEASED_REPORT.sections
    changed = [
        replace(first, title="Other"),
        replace(first, key="other"),
        replace(first, own="Other"),
        replace(first, numbered=False),
        replace(first, parts=()),
        replace(first, sections=()),
    ]
    assert len(changed) == len(fields(Section)) - len(NOT_COVERED[Section])
    digests = {release_digest(replace(RELEASED_REPORT, sections=(section, *rest))) for section in changed}
    assert len(digests | {RELEASED_DIGEST}) == len(changed) + 1


def test_the_digest_leaves_out_the_day_and_covers_the_authors_text() -> None:
    later = replace(RELEASED_REPORT, day="1 December 2026", figures_as_of="Later.", approved="Approved.")
    assert release_digest(later) == RELEASED_DIGEST
    [first, *rest] = RELEASED_REPORT.sections
    other = replace(RELEASED_REPORT, sections=(replace(first, own="Other."), *rest))
    assert release_digest(other) != RELEASED_DIGEST
