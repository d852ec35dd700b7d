"""At 320 px: what staff write with has room, and no word is torn."""

from tests.browser.house import House
from tests.browser.looking import HEIGHT, PHONE, WIDER
from tests.browser.people import Manager
from tests.browser.test_printing import concluded_audit
from tests.making import Maker

# How many lines the words of an element take.
LINES = (
    "element => { const range = document.createRange(); range.selectNodeContents(element.lastChild);"
    " return range.getClientRects().length }"
)


def test_the_sections_of_a_report_fit_and_no_action_is_overdu_e(
    manager: Manager, make: Maker, house: House
) -> None:
    audit, page = concluded_audit(make, house, findings=4), manager.page
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.goto(f"/audits/{audit}/report")
    assert page.evaluate(WIDER) == 0
    for width in (PHONE, 1100):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(f"/audits/{audit}/actions")
        head = page.get_by_role("rowheader", name="Overdue").first
        assert head.evaluate(LINES) == 1
