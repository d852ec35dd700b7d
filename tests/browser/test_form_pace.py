"""The form that an agency fills in, in a browser: its bar, its comment boxes, what screen readers hear."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests.browser.people import Contact
from tests.browser.test_never_lose_a_word import kept_texts
from tests.browser.test_what_only_a_browser_shows import Asked, ask
from tests.row_maker import Maker

TELEPHONE: ViewportSize = {"width": 360, "height": 640}
DESK: ViewportSize = {"width": 1100, "height": 900}
# A screen of 1280 by 1024 at 400%.
ZOOMED: ViewportSize = {"width": 320, "height": 256}
MOST_SCREENS = 9
# How far from the last choice, in pixels, a button still is directly below it.
OWN_LINE = 24
OTHER_SOURCE = "Yes, this was provided by another source"
# Whether the focused element is covered by the bar, or beyond the edge of the screen although it would fit.
FOCUSED = """() => {
    const focused = document.activeElement;
    const bar = document.querySelector(".survey-pace");
    const box = focused.getBoundingClientRect();
    const over = bar.getBoundingClientRect();
    const top = bar.contains(focused) || over.top >= innerHeight ? innerHeight : over.top;
    return {
        what: focused.id || focused.name || focused.textContent.trim().slice(0, 40),
        covered: !bar.contains(focused) && box.bottom > over.top + 1 && box.top < over.bottom - 1
            && box.right > over.left && box.left < over.right,
        beyond: box.height <= top && (box.top < -1 || box.bottom > innerHeight + 1),
    };
}"""


@pytest.fixture
def asked(make: Maker) -> Asked:
    """The link of one contact with one case."""
    return ask(make, cases=1)


def opens(contact: Contact, asked: Asked, size: ViewportSize | None = None) -> Page:
    """Open the form in a window of this size."""
    page = contact.page
    page.set_viewport_size(size or DESK)
    page.goto(asked.link)
    page.get_by_role("button", name="Start now").click()
    contact.reads_heading("Your agency’s file on Child 1")
    page.wait_for_load_state("networkidle")
    return page


def comment(contact: Contact, number: int) -> Locator:
    return contact.question(number).locator("textarea")


def count(contact: Contact) -> Locator:
    return contact.page.locator("[data-answered]")


def status(contact: Contact) -> Locator:
    return contact.page.locator("[data-kept-line]")


@pytest.mark.parametrize("size", [DESK, TELEPHONE, ZOOMED], ids=["desk", "telephone", "400%"])
def test_whatever_takes_the_focus_is_in_sight(contact: Contact, asked: Asked, size: ViewportSize) -> None:
    page = opens(contact, asked, size)
    contact.answers(2, "Yes")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(status(contact)).to_have_text(re.compile("^Saved at"))
    page.evaluate("scrollTo(0, 0); document.querySelector('.govuk-skip-link').focus()")
    stops: list[dict[str, Any]] = []
    while not stops or "Privacy notice" not in stops[-1]["what"]:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        assert len(stops) < 150
    assert len(stops) > 30
    assert [stop for stop in stops if stop["covered"] or stop["beyond"]] == []


def test_a_line_typed_into_a_long_box_is_above_the_bar(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked)
    comment(contact, 2).click()
    for line in range(45):
        page.keyboard.type(f"{line}\n")
    caret_free = page.evaluate(
        "document.querySelector('.survey-pace').getBoundingClientRect().top"
        " - document.querySelector('#question-2 textarea').getBoundingClientRect().bottom"
    )
    assert caret_free >= -10


def tree(page: Page) -> list[dict[str, str]]:
    """What a screen reader is told of each element: its role, name and description."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {
            part: " ".join(str(node.get(part, {}).get("value", "")).split())
            for part in ("role", "name", "description")
        }
        for node in nodes
        if not node.get("ignored")
    ]


def test_a_screen_reader_hears_what_each_box_is_for_and_no_key_of_a_script(
    contact: Contact, asked: Asked
) -> None:
    page = opens(contact, asked)
    heard = tree(page)
    assert "textareaDescription" not in str(heard)
    boxes = {node["name"]: node["description"] for node in heard if node["role"] == "textbox"}
    assert boxes["Comments on question 2 (optional)"] == "You can enter up to 20000 characters"
    assert boxes["Comments on question 11"].startswith("You can enter up to 20000 characters Needed if")
    assert len([name for name in boxes if name.startswith("Comments on question")]) == 13
    buttons = [node["name"] for node in heard if node["role"] == "button"]
    assert buttons.count("Save") == 1
    # On a telephone the boxes are behind what opens them.
    page.set_viewport_size(TELEPHONE)
    heard = tree(page)
    assert not [node for node in heard if node["role"] == "textbox"]
    assert "Add a comment on question 2" in [node["name"] for node in heard]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_comment_is_closed_on_a_telephone_and_open_on_a_desk(
    people: Callable[..., Any], asked: Asked, *, scripts: bool
) -> None:
    contact: Contact = people(Contact, scripts=scripts)
    page = opens(contact, asked, TELEPHONE)
    opener = contact.question(2).locator("summary")
    expect(comment(contact, 2)).to_be_hidden()
    opener.click()
    comment(contact, 2).fill("Not since May.")
    # A comment that an answer may ask for opens with that answer; without scripts it is open.
    if scripts:
        expect(comment(contact, 9)).to_be_hidden()
        contact.answers(9, OTHER_SOURCE)
    expect(comment(contact, 9)).to_be_visible()
    page.get_by_role("button", name="Save and come back later").click()
    page.wait_for_url(re.compile("/returns/$"))
    page.get_by_role("link", name="Child 1", exact=True).click()
    expect(comment(contact, 2)).to_be_visible()
    expect(comment(contact, 3)).to_be_hidden()
    page.set_viewport_size(DESK)
    for number in (2, 3, 9):
        expect(comment(contact, number)).to_be_visible()
        expect(contact.question(number).locator("summary")).to_be_hidden()
    contact.looks()


def test_boxes_grow_with_their_text(contact: Contact, asked: Asked) -> None:
    opens(contact, asked)
    grows(comment(contact, 2))


def test_boxes_grow_in_a_browser_that_cannot_do_it_by_the_stylesheet(contact: Contact, asked: Asked) -> None:
    def without_field_sizing(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("field-sizing: content", "color: inherit"))

    contact.page.route(re.compile(r"survey[^/]*\.css"), without_field_sizing)
    contact.page.add_init_script("CSS.supports = () => false")
    opens(contact, asked)
    grows(comment(contact, 2))


def grows(box: Locator) -> None:
    """Check that a box has no more height than it needs, and none of its text hidden."""
    before = box.evaluate("box => box.offsetHeight")
    box.fill("line\n" * 20)
    after = box.evaluate("box => box.offsetHeight")
    assert after > 2 * before
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") <= 1


def test_a_slip_can_be_taken_back(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked)
    clear = contact.question(2).get_by_role("button", name="Clear my answer to question 2")
    expect(clear).to_be_hidden()
    contact.answers(2, "Yes")
    expect(count(contact)).to_have_text("1 of 14 answered")
    contact.looks()
    page.set_viewport_size(DESK)
    choices, own = (part.bounding_box() for part in (contact.question(2).get_by_role("radio").first, clear))
    assert choices
    assert own
    assert 0 <= own["y"] - choices["y"] - choices["height"] <= OWN_LINE
    assert abs(own["x"] - choices["x"]) < OWN_LINE
    clear.click()
    expect(contact.question(2).locator("input:checked")).to_have_count(0)
    expect(contact.question(2).get_by_label("Yes")).to_be_focused()
    expect(count(contact)).to_have_text("0 of 14 answered")
    expect(clear).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(status(contact)).to_have_text(re.compile("^Saved at"))
    page.reload()
    expect(contact.question(2).locator("input:checked")).to_have_count(0)


def test_a_slip_can_be_taken_back_without_scripts(people: Callable[..., Any], asked: Asked) -> None:
    contact: Contact = people(Contact, scripts=False)
    page = opens(contact, asked, TELEPHONE)
    contact.answers(2, "Yes")
    contact.answers(4, "No")
    contact.question(2).get_by_role("button", name="Clear my answer to question 2").click()
    page.wait_for_url(re.compile("#question-2$"))
    expect(contact.question(2).locator("input:checked")).to_have_count(0)
    expect(contact.question(4).get_by_label("No", exact=True)).to_be_checked()
    expect(count(contact)).to_have_text("1 of 14 answered")
    contact.looks()


def test_enter_in_a_box_saves_and_takes_no_answer_back(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked)
    contact.answers(2, "Yes")
    page.get_by_label("I have a current practice concern").check()
    page.get_by_label("Whom have you told?").fill("Our safeguarding lead")
    page.keyboard.press("Enter")
    expect(status(contact)).to_have_text(re.compile("An email to the partnership is on its way|^Saved at"))
    expect(contact.question(2).get_by_label("Yes")).to_be_checked()


def test_the_bar_counts_leads_on_and_saves_in_place(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked, TELEPHONE)
    expect(count(contact)).to_have_text("0 of 14 answered")
    leads_on = page.get_by_role("link", name="Next unanswered")
    contact.question(1).get_by_role("checkbox").first.check()
    leads_on.click()
    expect(contact.question(2).get_by_role("radio").first).to_be_focused()
    contact.answers(2, "Yes")
    contact.answers(3, "No")
    page.locator("summary", has_text="All questions").click()
    expect(page.locator("a[href='#question-2'] + span")).to_be_visible()
    expect(page.locator("a[href='#question-4'] + span")).to_be_hidden()
    expect(count(contact)).to_have_text("3 of 14 answered")
    leads_on.click()
    expect(contact.question(4).get_by_role("radio").first).to_be_focused()
    before = page.evaluate("scrollY")
    for _ in range(2):
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("form[data-sending]")).to_have_count(0)
        expect(status(contact)).to_have_text(re.compile("^Saved at"))
    assert abs(page.evaluate("scrollY") - before) <= 40
    contact.answers(14, "No")
    # From the end it leads back to the first.
    contact.question(14).get_by_label("No", exact=True).focus()
    leads_on.click()
    expect(contact.question(4).get_by_role("radio").first).to_be_focused()
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.locator("h1")).to_contain_text("Your returns")
    contact.reads("4 of 14 answered")


def test_the_bar_counts_only_questions_that_are_asked(people: Callable[..., Any], make: Maker) -> None:
    asked = ask(make, cases=1, form="emotional_abuse_2022")
    contact: Contact = people(Contact)
    page = opens(contact, asked)
    of = int(re.sub(r".* of (\d+) answered", r"\1", count(contact).inner_text()))
    name, _, values = str(page.locator("[data-show-if]").first.get_attribute("data-show-if")).partition("=")
    page.locator(f"input[name={name}][value={values.split('|')[0]}]").check()
    after = count(contact).inner_text()
    assert int(re.sub(r".* of (\d+) answered", r"\1", after)) > of
    page.get_by_role("button", name="Save", exact=True).click()
    expect(status(contact)).to_have_text(re.compile("^Saved at"))
    page.reload()
    expect(count(contact)).to_have_text(after)


def test_one_box_that_is_too_long_stops_only_its_own_autosave(contact: Contact, asked: Asked) -> None:
    contact.page.clock.install()
    opens(contact, asked)
    comment(contact, 1).fill("x" * 20_001)
    comment(contact, 1).blur()
    expect(status(contact)).to_contain_text("except one box")
    comment(contact, 2).fill("Not since May.")
    with contact.page.expect_response("**/autosave"):
        contact.page.clock.run_for(21_000)
    expect(status(contact)).to_contain_text(
        "except one box. Your comment on question 1 has 20,001 characters"
    )
    assert kept_texts(asked) == ["Not since May."]


def test_a_tap_on_add_a_comment_puts_the_cursor_in_its_box(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked, TELEPHONE)
    contact.question(2).get_by_text("Add a comment").click()
    expect(comment(contact, 2)).to_be_focused()
    page.keyboard.type("Seen in May.")
    contact.has_commented(2, "Seen in May.")
    contact.question(2).get_by_text("Add a comment").click()
    expect(comment(contact, 2)).to_be_hidden()


def test_the_blank_2014_form_takes_nine_screens_of_a_telephone(contact: Contact, asked: Asked) -> None:
    page = opens(contact, asked, TELEPHONE)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height / TELEPHONE["height"] <= MOST_SCREENS
    # What is pressed stays large enough for a finger (WCAG 2.5.8).
    small = page.evaluate(
        "[...document.querySelectorAll('.survey-asked :is(label, summary), .survey-pace :is(a, button)')]"
        ".map(part => part.getBoundingClientRect()).filter(box => box.height > 1 && box.height < 24).length"
    )
    assert small == 0
