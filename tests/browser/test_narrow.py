"""At 320 px the fields that staff write in have room, and no word is broken."""

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from tests.browser.installation import Installation
from tests.browser.page_inspection import HEIGHT, OVERFLOW_SCRIPT, PHONE_WIDTH
from tests.browser.people import Manager
from tests.browser.test_printing import concluded_audit
from tests.row_maker import Maker

# How many lines the text of an element takes.
LINES = (
    "element => { const range = document.createRange(); range.selectNodeContents(element.lastChild);"
    " return range.getClientRects().length }"
)


def test_the_sections_of_a_report_fit_and_no_action_is_overdu_e(
    manager: Manager, make: Maker, installation: Installation
) -> None:
    audit, page = concluded_audit(make, installation, findings=4), manager.page
    page.set_viewport_size({"width": PHONE_WIDTH, "height": HEIGHT})
    page.goto(f"/audits/{audit}/report")
    assert page.evaluate(OVERFLOW_SCRIPT) == 0
    for width in (PHONE_WIDTH, 1100):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(f"/audits/{audit}/actions")
        head = page.get_by_role("rowheader", name="Overdue").first
        assert head.evaluate(LINES) == 1


def test_long_addresses_and_texts_do_not_widen_a_page(manager: Manager, make: Maker) -> None:
    address = f"{'safeguarding.' * 4}lead@agency.example"
    agency = make.agency("Wrenford Children’s Social Care", kind="social_care", contact=address)
    audit, page = make.audit(cases=1, agencies=[agency]), manager.page
    (audit_request,) = make.requests(audit)
    text = "Supervision was discussed with the manager."
    asked = "previous_plan_on_file"
    make.returned(
        audit_request, (GivenAnswer(asked, option="handover"), GivenAnswer(asked, item="comment", text=text))
    )
    addresses = (
        f"/audits/{audit.id}/requests/{audit_request.id}/send-again",
        f"/audits/{audit.id}/collation/questions/{asked}",
    )
    session.rollback()
    page.set_viewport_size({"width": PHONE_WIDTH, "height": HEIGHT})
    wider = {}
    for address in addresses:
        page.goto(address)
        wider[address] = page.evaluate(OVERFLOW_SCRIPT)
    assert not any(wider.values()), wider
