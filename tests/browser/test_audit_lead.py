"""An independent audit lead finds figures, copies them and takes a chart away; axe looks at every page."""

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from tests.browser.people import Manager
from tests.row_maker import Maker

# The answers of three agencies about each child in turn: all don't know, or they contradict each other.
SAID = ("own_agency", "dont_know", "no", "dont_know", "another_agency")


def audits(make: Maker) -> tuple[int, int]:
    """The ids of an audit and a re-audit with answers."""
    made = []
    for _ in range(2):
        agencies = [make.agency(kind=kind) for kind in ("police", "health", "school")]
        audit = make.audit(cases=3, agencies=agencies)
        options = cycle(SAID)
        for audit_request in make.requests(audit):
            given = (
                GivenAnswer("supervision", option="yes"),
                GivenAnswer("see_child_alone", option=next(options)),
                GivenAnswer("see_child_alone", item="comment", text="Seen at school, as the plan says."),
            )
            make.returned(audit_request, given)
        made.append(audit.id)
    session.rollback()
    return made[0], made[1]


def test_an_audit_lead_finds_copies_and_downloads_figures(manager: Manager, make: Maker) -> None:
    audit, again = audits(make)
    page = manager.page
    manager.opens(f"/audits/{audit}/collation")
    manager.reads("9 of 9 returned")
    page.get_by_role("link", name="Professional to speak and see the child alone").first.click()
    expect(page.locator("#question-see_child_alone")).to_be_in_viewport()

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("section", has=page.locator("#question-supervision")).locator(".survey-copy").first.click()
    expect(page.locator("main [role=status]")).to_have_text("Copied: 9 of 9 returns (100%)")
    assert page.evaluate("navigator.clipboard.readText()") == "9 of 9 returns (100%)"

    manager.follows("Where agencies disagree")
    strongest = page.locator("tbody th a").first
    strongest.click()
    manager.looks()
    manager.reads("Where agencies disagree", "The answers cannot all be true")

    manager.opens(f"/audits/{audit}/collation/questions/see_child_alone")
    manager.reads("Seen at school, as the plan says.")
    for words, begins in (
        ("Download for a document (PNG)", b"\x89PNG"),
        ("Download as a drawing (SVG)", b"<"),
    ):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert Path(download.value.path()).read_bytes().startswith(begins)

    manager.opens(f"/audits/{again}/collation/compare?with={audit}")
    manager.reads("at these sizes")
    for path in ("benchmark", "benchmark/change", "then-and-now"):
        manager.opens(f"/audits/{audit}/collation/{path}")


def test_a_filtered_view_is_sent_as_an_address_and_warns_of_small_numbers(
    manager: Manager, make: Maker
) -> None:
    audit, _again = audits(make)
    page = manager.page
    manager.opens(f"/audits/{audit}/collation")
    page.get_by_text("Choose which returns to look at").click()
    page.get_by_label("Health", exact=True).check()
    manager.presses("Show these returns")
    expect(page).to_have_url(re.compile("kinds=health"))
    manager.reads("These filters keep 3 of 9 returns", "Fewer than 6 returns or cases")


def test_a_chart_keeps_its_parts_apart_in_forced_colours(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    audit, _again = audits(make)
    manager: Manager = people(Manager, storage_state=signed_in, forced_colors="active")
    manager.opens(f"/audits/{audit}/collation/questions/see_child_alone")
    chart = manager.page.locator("svg[role=img]").first
    fills = chart.locator("rect").evaluate_all("parts => parts.map(part => getComputedStyle(part).fill)")
    assert len(set(fills)) > 2, fills
