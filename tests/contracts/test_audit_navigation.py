"""Every page of an audit shows the audit’s own navigation, with the right step as the current one."""

import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from surveyapp.journey.audit_navigation import place_of
from surveyapp.journey.steps import JOURNEY
from tests.contracts.crawled_pages import FILE, CrawledPage

# The step to which the pages of each blueprint belong, and those that belong to another.
STEP_OF_BLUEPRINT = {
    "planning": "Set up",
    "sampling": "Set up",
    "involvement": "Set up",
    "tracking": "Returns",
    "issuing": "Returns",
    "chasing": "Returns",
    "calling": "Returns",
    "diary": "Returns",
    "keying": "Returns",
    "closing": "Returns",
    "collating": "Collation",
    "gathering": "Voices",
    "concluding": "Conclusions",
    "meeting": "Conclusions",
    "report": "Report",
    "brief": "Brief",
    "retention": "Keep and purge",
}
STEP_OF_PAGE = dict.fromkeys(("issuing.before_issue", "issuing.preview_email"), "Set up")


def expected_step(rule: Rule) -> str | None:
    """The step of a page by its endpoint; None for a blueprint that this file does not know."""
    _survey, blueprint, name = rule.endpoint.split(".")
    return STEP_OF_PAGE.get(f"{blueprint}.{name}", STEP_OF_BLUEPRINT.get(blueprint))


def pages_of_audits(app: Flask) -> Iterator[Rule]:
    """The rules of pages of an audit; its downloads are not pages."""
    for rule in app.url_map.iter_rules():
        is_page = "GET" in (rule.methods or ()) and "audit_id" in rule.arguments
        if is_page and rule.endpoint.startswith("survey.") and not FILE.search(rule.rule):
            yield rule


def test_every_page_of_an_audit_has_its_place_in_the_journey(app: Flask) -> None:
    for rule in pages_of_audits(app):
        step, _page = place_of(rule)
        assert step is not None, f"Add a StepPage for {rule.rule} to JOURNEY in surveyapp/journey/steps.py."
        assert step.name == expected_step(rule), (
            f"{rule.rule} stands under “{step.name}”: move its StepPage, or tell this test where it belongs."
        )


def test_every_page_of_the_navigation_exists(app: Flask) -> None:
    endpoints = [f"survey.{page.endpoint}" for step in JOURNEY for page in step.pages]
    assert len(endpoints) == len(set(endpoints))
    missing = sorted(set(endpoints) - app.view_functions.keys())
    assert not missing, f"JOURNEY in surveyapp/journey/steps.py leads to what is not there: {missing}"


def test_every_page_of_an_audit_shows_the_navigation_with_its_step(crawled: dict[str, CrawledPage]) -> None:
    pages = [page for page in crawled.values() if "audit_id" in page.rule.arguments]
    assert len(pages) > len(JOURNEY)
    for page in pages:
        assert page.html.count('class="survey-journey"') == 1, f"{page.path} extends another frame."
        wide = page.html.split('class="survey-journey__steps"')[1].split("</ol>")[0]
        current = re.findall(r'aria-current="\w+"><span class="survey-journey__name">([^<]+)', wide)
        assert current == [expected_step(page.rule)], f"{page.path} marks {current}."


def test_a_caption_that_the_screen_leaves_out_only_repeats_the_audits_title(
    crawled: dict[str, CrawledPage],
) -> None:
    """The style sheet hides captions below the navigation, which names the audit, save `survey-caption`."""
    repeated = 0
    for page in crawled.values():
        title = re.search(r'class="survey-journey__title"[^>]*>(.*?)</', page.html)
        if title is None:
            continue
        for caption in re.findall(r'<span class="govuk-caption-l"[^>]*>(.*?)</span>', page.html):
            assert caption == title[1], f"{page.path}: give the caption “{caption}” the class survey-caption."
            repeated += 1
    assert repeated > 30


def test_links_lead_to_every_page_of_an_audit(app: Flask, crawled: dict[str, CrawledPage]) -> None:
    not_reached = {rule.endpoint for rule in pages_of_audits(app)} - crawled.keys()
    # The demonstration is open and wholly issued, without an enquiry or a concern, and its first page of
    # comments offers no quote. What was keyed in is checked after a press.
    assert not_reached == {
        "survey.closing.reopen",
        "survey.gathering.choose_from_comment",
        "survey.involvement.preview_check",
        "survey.issuing.preview_email",
        "survey.keying.check_keyed",
        # Only an audit that was never issued is deleted.
        "survey.planning.delete_audit",
        "survey.tracking.show_enquiry",
        "survey.tracking.show_outcome",
        # The example is not purged by itself, and goes as a whole.
        "survey.retention.change_days",
        "survey.retention.delete_issued_audit",
        "survey.retention.end_hold",
        "survey.retention.set_hold",
        "survey.retention.show_kept",
        # Nor were its cases chosen from a list.
        "survey.sampling.exchange_child",
        "survey.sampling.list_children",
        "survey.sampling.read_list",
        "survey.sampling.show_key",
    }, "Link to the page, or say here why the demonstration has no such row."
