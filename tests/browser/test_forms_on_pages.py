"""A manager who has never seen YAML copies a form, changes it, tries it as a GP and uses it for an audit."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.people import Manager


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_is_copied_changed_tried_and_used_in_twenty_clicks(
    people: Callable[..., Manager],
    signed_in: Path,
    scripts: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    person = people(Manager, storage_state=signed_in, scripts=scripts)
    page, clicks = person.page, 0

    def click(target: Locator) -> None:
        nonlocal clicks
        clicks += 1
        target.click()

    title = f"Repeat plans {'with' if scripts else 'without'} scripts"
    person.opens("/forms")
    click(page.get_by_role("link", name="Copy and change Repeat Child Protection Plans", exact=True))
    page.get_by_label("Title", exact=True).fill(title)
    click(page.get_by_role("button", name="Copy this form"))
    person.looks()
    for number in (2, 4, 5):
        click(page.get_by_role("link", name=re.compile(rf"^{number}\. ")))
        page.get_by_label("The question", exact=True).fill(f"Question {number} in other words")
        click(page.get_by_role("button", name="Save this question"))
    click(page.get_by_role("button", name="Add a question"))
    page.get_by_label("The question", exact=True).fill("How would you grade your agency’s work?")
    page.get_by_label("How it is answered").select_option("scale")
    click(page.get_by_role("button", name="Fill in four grades"))
    expect(page.get_by_role("textbox", name="Answer 4", exact=True)).to_have_value("Inadequate")
    if scripts:
        expect(page.get_by_role("textbox", name="Answer 4", exact=True)).to_be_focused()
    expect(page.locator("[data-part=preview]")).to_contain_text("Requires improvement")
    person.looks()
    click(page.get_by_role("button", name="Save this question"))
    expect(page.locator("main")).to_contain_text("15. How would you grade your agency’s work?")
    click(page.get_by_role("link", name="See it as an agency does"))
    click(page.get_by_role("link", name="GP practice"))
    expect(page.locator("main")).to_contain_text("How would you grade your agency’s work?")
    expect(page.locator("main")).not_to_contain_text("Question 4 in other words")
    click(page.get_by_role("link", name="Back to the form"))
    click(page.get_by_role("button", name="Plan an audit with it"))
    expect(page.get_by_label(title)).to_be_checked()
    assert clicks <= 20


def test_rows_are_worked_by_keyboard_and_keep_the_focus(manager: Manager) -> None:
    page = manager.page

    def answer(number: int) -> Locator:
        return page.get_by_role("textbox", name=f"Answer {number}", exact=True)

    manager.opens("/forms/repeat_child_protection_plans_2014/copy")
    page.get_by_label("Title", exact=True).fill("By keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("By keyboard")
    manager.opens("/forms/by_keyboard/questions/contributed_to_lived_experience")
    page.get_by_role("button", name="Add an answer").press("Enter")
    expect(answer(3)).to_be_focused()
    page.keyboard.type("In part")
    page.get_by_role("button", name="Up answer 3").press("Enter")
    expect(answer(2)).to_have_value("In part")
    expect(page.get_by_role("button", name="Up answer 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(answer(1)).to_be_focused()
    expect(answer(1)).to_have_value("In part")
    page.get_by_role("button", name="Remove answer 2").press("Enter")
    expect(answer(2)).to_be_focused()
    expect(answer(2)).to_have_value("No we do not have information to contribute")
    manager.looks()
    page.get_by_label("Short name, for charts and lists").press("Enter")
    expect(page.locator("h1")).to_have_text("By keyboard")
    expect(page.locator("main")).to_contain_text("In part · No information to contribute")
