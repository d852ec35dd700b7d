"""A contact types the code from the email and comes to the form, with and without scripts."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.browser.installation import Installation
from tests.browser.people import MAIL_PATIENCE, Contact
from tests.row_maker import Maker
from tests.sent_mail import recipient

_CODE = re.compile(r"Your code: (\d{8})")
TYPED = "Nobody asked the child in May."


@dataclass(frozen=True)
class Verified:
    """Ids and link of an audit that asks one contact for a code."""

    address: str
    link: str
    public_id: str


@pytest.fixture
def verified(make: Maker) -> Verified:
    audit = make.audit(cases=2, agencies=1)
    audit.ask_for_code = True
    for case in audit.cases:
        case.involvements[0].own_reference = f"OCC/447{case.position}"
    session.commit()
    grant = make.grants(audit)[0]
    found = Verified(grant.contact.email, link_for(grant), grant.requests[0].public_id)
    session.rollback()
    return found


def codes(installation: Installation, address: str, *, at_least: int = 1) -> list[str]:
    """The codes sent to somebody, oldest first; waits until there are this many."""
    end = time.monotonic() + MAIL_PATIENCE
    while True:
        found = []
        for file in sorted((installation.folder / "mail").glob("*.eml"), key=lambda path: int(path.stem)):
            message = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            if recipient(message) == address and body is not None:
                found += _CODE.findall(body.get_content())
        if len(found) >= at_least:
            return found
        assert time.monotonic() < end, f"{address} got fewer than {at_least} codes."
        time.sleep(0.2)


def starts(contact: Contact, verified: Verified) -> None:
    """Open the link and press Start, which leads to the page for the code."""
    contact.opens(verified.link)
    contact.presses("Start now")
    contact.reads_heading("Check your email")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_email_to_the_form_with_a_pasted_code(
    people: Callable[..., Any], installation: Installation, verified: Verified, *, scripts: bool
) -> None:
    contact: Contact = people(Contact, scripts=scripts, phone=not scripts)
    starts(contact, verified)
    contact.reads_nowhere("Child 1")
    box = contact.page.get_by_label("Code")
    expect(box).to_have_attribute("autocomplete", "one-time-code")
    expect(box).to_have_attribute("inputmode", "numeric")
    asked = time.monotonic()
    code = codes(installation, verified.address)[0]
    assert time.monotonic() - asked < 10, "A code comes in seconds."
    box.fill(f" {code[:4]} {code[4:]} ")
    contact.presses("Continue")
    expect(contact.page.locator("h1")).to_contain_text("Your returns")
    contact.opens_child(1)
    contact.reads_heading("Your agency’s file on Child 1")
    contact.reads("OCC/4471")


def test_a_wrong_code_is_refused_and_a_right_one_can_be_entered_by_keyboard(
    contact: Contact, installation: Installation, verified: Verified
) -> None:
    starts(contact, verified)
    code = codes(installation, verified.address)[0]
    contact.page.get_by_label("Code").fill(f"{(int(code) + 1) % 10**8:08d}")
    contact.page.keyboard.press("Enter")
    contact.is_told(
        "This code is not right, or is older than 10 minutes: use the newest email. You have 4 tries left"
    )
    contact.looks()
    contact.page.get_by_role("link", name="This code is not right").press("Enter")
    expect(contact.page.get_by_label("Code")).to_be_focused()
    contact.page.get_by_label("Code").fill("")
    contact.page.keyboard.type(code)
    contact.page.keyboard.press("Enter")
    expect(contact.page.locator("h1")).to_contain_text("Your returns")


def test_text_stays_on_its_page_until_the_code_is_entered(
    contact: Contact, installation: Installation, verified: Verified
) -> None:
    starts(contact, verified)
    contact.page.get_by_label("Code").fill(codes(installation, verified.address)[0])
    contact.presses("Continue")
    contact.opens_child(1)
    contact.comments(1, TYPED)
    # In another tab of the same browser somebody presses Finish.
    other = contact.context.new_page()
    other.goto("/returns/")
    other.get_by_role("button", name="Finish on this computer").click()
    expect(other.locator("h1")).to_contain_text("finished")
    other.close()
    contact.page.get_by_role("button", name="Save and come back later").click()
    # The page asks for the link, then for the code, and keeps the text.
    contact.page.get_by_label("Paste the link from your email").fill(verified.link)
    contact.presses("Save")
    contact.reads("This page needs a code from your email.")
    contact.has_commented(1, TYPED)
    contact.page.get_by_label("Code").fill(codes(installation, verified.address, at_least=2)[-1])
    contact.presses("Save")
    contact.reads("0 of 14 answered, saved today")
    contact.opens_child(1)
    contact.has_commented(1, TYPED)


def test_a_second_device_needs_its_own_code(
    people: Callable[..., Any], installation: Installation, verified: Verified
) -> None:
    first: Contact = people(Contact)
    starts(first, verified)
    code = codes(installation, verified.address)[0]
    telephone: Contact = people(Contact, phone=True)
    starts(telephone, verified)
    telephone.page.get_by_label("Code").fill(code)
    telephone.presses("Continue")
    expect(telephone.page.locator(".govuk-error-summary")).to_be_visible()
    telephone.page.get_by_label("Code").fill(codes(installation, verified.address, at_least=2)[1])
    telephone.presses("Continue")
    expect(telephone.page.locator("h1")).to_contain_text("Your returns")
