"""The choice of key figures: the strongest of each finding first, then the strongest others."""

from surveyapp.collating.queries import collate
from surveyapp.concluding.queries import findings_of
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.issuing.queries import form_of
from surveyapp.meeting.key_figures import KeyFigures, key_figures
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import found
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

ALL_YES = (
    GivenAnswer("supervision", option="yes"),
    GivenAnswer("tasks_and_dates", option="not_applicable"),
    GivenAnswer("clear_on_impact", option="yes"),
    GivenAnswer("see_child_alone", option="own_agency"),
    GivenAnswer("explain_plan", option="dont_know"),
    GivenAnswer("raised_concerns", option="yes"),
    GivenAnswer("strengths_or_concerns", option="yes"),
)


def chosen(audit: Audit) -> KeyFigures:
    findings = findings_of(audit.id)
    return key_figures(collate(audit, now=MONDAY_MORNING), findings, form_of(audit))


def named(found_: KeyFigures) -> list[tuple[str, str]]:
    return [(figure.figures.id, figure.findings_in_words) for figure in found_.figures]


def test_figures_of_findings_are_in_the_order_of_the_findings_and_the_form(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    one, _ = make.requests(audit)
    make.returned(one, ALL_YES)
    found(audit, "First.", questions=("explain_plan", "see_child_alone"))
    found(audit, "Second.", questions=("tasks_and_dates", "see_child_alone"))
    assert named(chosen(audit))[:3] == [
        ("see_child_alone", "Findings 1 and 2"),
        ("explain_plan", "Finding 1"),
        ("tasks_and_dates", "Finding 2"),
    ]


def test_remaining_room_goes_to_the_largest_shares(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    one, two = make.requests(audit)
    make.returned(one, ALL_YES)
    make.returned(
        two, (GivenAnswer("supervision", option="no"), GivenAnswer("clear_on_impact", option="yes"))
    )
    found(audit, "First.", questions=("supervision",))
    figures = chosen(audit).figures
    assert (figures[0].figures.id, figures[0].findings) == ("supervision", (1,))
    others = [figure.figures.id for figure in figures[1:]]
    assert len(others) == 5
    assert "clear_on_impact" in others
    # All answer “not applicable”, which says nothing about practice.
    assert "tasks_and_dates" not in others
    assert all(figure.findings_in_words == "No finding" for figure in figures[1:])


def test_every_finding_has_one_figure_before_any_has_two(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    several = ("explain_plan", "see_child_alone", "tasks_and_dates", "clear_on_impact", "raised_concerns")
    found(audit, "Rests on much.", questions=(*several, "supervision"))
    found(audit, "Rests on one.", questions=("strengths_or_concerns",))
    shown = chosen(audit)
    assert len(shown.figures) == 6
    assert named(shown)[-1] == ("strengths_or_concerns", "Finding 2")
    # It has the largest share, so it stays among the figures of its finding.
    assert ("supervision", "Finding 1") in named(shown)
    assert shown.left_out == 1


def test_figures_in_words_name_the_denominator_once(make: Maker) -> None:
    audit = make.audit(cases=4, agencies=1, returned=3)
    make.returned(make.requests(audit)[3], (GivenAnswer("supervision", option="no"),))
    found(audit, questions=("supervision", "file_contents"))
    said = {figure.figures.id: figure.in_words for figure in chosen(audit).figures}
    assert said["supervision"] == "Of 4 returns: Yes 3 (75%); No 1 (25%); Not applicable 0 (0%)."
    assert said["file_contents"].startswith("Of 0 returns: Basic information")


def test_an_audit_without_returns_has_no_key_figures(make: Maker) -> None:
    assert chosen(make.audit(cases=1, agencies=1)) == KeyFigures((), 0)
