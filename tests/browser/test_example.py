"""A manager with nothing yet loads the example with one click, looks at it, and removes it again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.installation import Installation, quiet_tuesday
from tests.browser.people import Manager

# In milliseconds; loading takes some seconds, and longer on a busy machine.
PATIENCE = 120_000


@pytest.fixture
def empty_installation(
    browser: Browser,  # noqa: ARG001 — without one, no server
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """A running server with an account and nothing else."""
    installation = Installation(tmp_path_factory.mktemp("empty"), starts_at=quiet_tuesday())
    installation.create_tables_and_account()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_example_is_loaded_while_the_page_follows_and_removed_with_a_word(
    browser: Browser, empty_installation: Installation, *, scripts: bool
) -> None:
    manager = Manager(browser, empty_installation, scripts=scripts)
    manager.signs_in()
    page = manager.page
    page.goto("/audits")
    manager.looks()
    page.get_by_role("button", name="Load the example").click()
    expect(page.get_by_role("heading", name="The example")).to_be_visible()
    manager.looks()
    opened = page.get_by_role("link", name="Open the example")
    if scripts:
        expect(opened).to_be_visible(timeout=PATIENCE)
    else:
        for _ in range(60):
            if opened.is_visible():
                break
            page.wait_for_timeout(1_000)
            page.get_by_role("link", name="See how far it is now").click()
    manager.looks()
    opened.click()
    expect(page.get_by_text("77 of 90 returned")).to_be_visible()
    expect(page.get_by_text("Everything in it is invented")).to_be_visible()
    manager.looks()
    page.get_by_role("link", name="Remove the example").click()
    manager.looks()
    page.get_by_label("To remove it, type example").fill("example")
    page.get_by_role("button", name="Remove the example").click()
    expect(page.get_by_text("The example is removed.")).to_be_visible()
    expect(page.get_by_role("button", name="Load the example")).to_be_visible()
    manager.leave()
    assert not manager.watch.faults, "\n".join(manager.watch.faults)
