"""Making a passkey and signing in with it, in Chromium with a virtual authenticator (WebAuthn)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.installation import ACCOUNT, Installation


class NamedInstallation(Installation):
    """An installation that is opened by a name: a passkey belongs to a name, and never to a number."""

    @property
    def address(self) -> str:
        """The address of the server."""
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="module")
def named_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NamedInstallation]:
    """An installation with tables, the manager's account and a running server."""
    installation = NamedInstallation(tmp_path_factory.mktemp("named"))
    installation.create_tables_and_account()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A virtual device with a lock that its owner opens; returns how to speak to it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, str(added["authenticatorId"])


def signs_in(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.address}/sign-in?next=/account/passkeys")
    page.get_by_label("Email address").fill(ACCOUNT)
    page.get_by_label("Password").fill(installation.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{installation.address}/account/passkeys")


def signs_out(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.address}/sign-out")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{installation.address}/")


def test_a_passkey_is_made_with_the_password_and_signs_in_without_it(
    browser: Browser, named_installation: NamedInstallation
) -> None:
    page = browser.new_context().new_page()
    cdp, device = authenticator(page)
    signs_in(page, named_installation)
    page.get_by_label("Your present password").fill("not the password")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("This is not your present password").first.wait_for()
    cdp.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    page.get_by_label("Your present password").fill(named_installation.password)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("You can sign in with this passkey now").wait_for()
    assert page.get_by_text("not used yet").count() == 1
    signs_out(page, named_installation)
    page.goto(f"{named_installation.address}/sign-in?next=/account/passkeys")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{named_installation.address}/account/passkeys")
    assert page.get_by_text("last used").count() == 1

    # A device whose lock is not opened is one factor only, and signs nobody in.
    signs_out(page, named_installation)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{named_installation.address}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey was not taken").wait_for()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})

    # One that its owner has removed signs nobody in any more.
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{named_installation.address}/audits")
    page.goto(f"{named_installation.address}/account/passkeys")
    page.get_by_role("button", name="Remove the passkey").click()
    page.get_by_text("signs nobody in any more").wait_for()
    signs_out(page, named_installation)
    page.goto(f"{named_installation.address}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey was not taken").wait_for()
    page.context.close()


def test_without_scripts_or_passkeys_the_sign_in_page_offers_none(
    browser: Browser, named_installation: NamedInstallation
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{named_installation.address}/sign-in")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible()
    page.context.close()
