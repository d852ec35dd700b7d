"""Sections 4 and 5 of the report."""

from surveyapp.planning.models import Audit
from surveyapp.report.parts import Paragraph, Quoted, Table
from tests.report.report_readers import current_report, section_at, words_of


def test_a_finding_has_its_challenge_and_its_evidence(quoted: Audit) -> None:
    first, response = section_at(current_report(quoted), "Findings").sections
    assert first.title == "Finding 1"
    assert first.parts[:2] == (
        Paragraph("Supervision is thin.", marked=True),
        Paragraph("Show that it is not.", lead="Challenge to the board", marked=True),
    )
    evidence = words_of(first.parts)
    assert "Yes, 1 of 3 returns (33.3%); No, 1 of 3 returns (33.3%)" in evidence
    assert "Comments speak of “Voice of the child” in 1 of 3 returns." in evidence
    assert Quoted("Nobody rang.", "Parent") in first.parts
    table = next(part for part in response.parts if isinstance(part, Table))
    assert table.rows == (
        (
            "Write it down",
            "Finding 1",
            "Head of service",
            "30 June 2026",
            "In nine of ten files",
            "Not started",
        ),
    )


def test_recommendations_name_their_finding_or_their_earlier_audit(quoted: Audit) -> None:
    text = words_of(
        section_at(current_report(quoted), "Conclusions and recommendations", "Recommendations").parts
    )
    assert "Keep workers.\nIt follows from Finding 1." in text
    assert "Train.\nThe evidence was not strong enough for a finding. It repeats" in text
    assert "of an earlier audit: Earlier audit (2026), recommendation 1." in text
    assert "audited again on Monday 1 March 2027" in text
