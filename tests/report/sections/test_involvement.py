"""The involvement check in section 2.1 of the report: who was asked, and what they said."""

from typing import Any

from surveyapp.checks.audit_facts import audit_facts
from surveyapp.foundation.store.db import transaction
from surveyapp.involvement import operations
from surveyapp.involvement.queries import check_figures, checked_agencies
from surveyapp.planning.models import Audit
from surveyapp.report.checks import report_flags
from surveyapp.report.report import report_of
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import current_report, section_at, words_of
from tests.row_maker import Maker

ANN: dict[str, Any] = {"actor": "Ann Lee", "now": MONDAY_MORNING}
WHO_WAS_ASKED = "Before the requests, 3 agencies were asked which of the children they knew; 2 answered."


def checked(make: Maker, *, cases: int, said: tuple[tuple[str, ...], ...]) -> Audit:
    """An audit whose three agencies were asked; each entry of `said` is what one of them answered."""
    agencies = [make.agency(contact=f"lead{number}@agency.example") for number in range(3)]
    audit = make.audit(cases=cases, agencies=agencies, issued=False)
    with transaction():
        operations.ask_agencies(audit, answer_by=None, **ANN)
    for row, answers in zip(checked_agencies(audit), said, strict=False):
        given = dict(zip((case.id for case in audit.cases), answers, strict=True))
        with transaction():
            operations.answer_check(row, given, seen=operations.answers_digest({}), now=MONDAY_MORNING)
    return audit


def sentences(audit: Audit, *, public: bool = False) -> str:
    report = report_of(audit.id, now=MONDAY_MORNING, public=True) if public else current_report(audit)
    return words_of(section_at(report, "Audit methodology").sections[0].parts)


def test_the_report_says_who_was_asked_what_they_knew_and_who_was_not_involved(make: Maker) -> None:
    said = (("known", "not_known", "relative_only", "known"), ("not_known",) * 4)
    text = sentences(checked(make, cases=4, said=said))
    assert WHO_WAS_ASKED in text
    assert "There were 8 answers: “known” (2), “not known” (5) and “only a parent or sibling” (1)." in text
    assert "1 agency had been involved with none of the children." in text


def test_the_public_version_leaves_out_small_numbers_of_answers(make: Maker) -> None:
    said = (("known", "not_known", "relative_only", "known"), ("not_known",) * 4)
    audit = checked(make, cases=4, said=said)
    text = sentences(audit, public=True)
    assert WHO_WAS_ASKED in text
    assert "“known” (" not in text
    many = checked(make, cases=14, said=(("known",) * 7 + ("relative_only",) * 7, ("not_known",) * 14))
    assert "28 answers: “known” (7), “not known” (14) and “only" in sentences(many, public=True)
    report = report_of(many.id, now=MONDAY_MORNING, public=True)
    flagged = [flag.context for flag in report_flags(report, audit_facts(many))]
    assert not [words for words in flagged if "asked which" in words or "“known” (" in words]


def test_an_audit_without_a_check_says_nothing_of_one(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    assert check_figures(audit) is None
    assert "were asked which of the children" not in sentences(audit)


def test_an_agency_that_has_not_answered_is_not_called_uninvolved(make: Maker) -> None:
    figures = check_figures(checked(make, cases=2, said=(("not_known", "known"),)))
    assert figures is not None
    assert (figures.asked, figures.answered, figures.not_involved) == (3, 1, 0)
