"""The page contract finds a fault each time, also in a page like one that was found without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import page_contract
from tests.page_contract import check_page

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Cases</title></head>
<body><main id="main"><h1>Cases</h1><p class="govuk-body">Child {number}</p>{more}</main></body></html>
"""


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No structure of an earlier run is known."""
    monkeypatch.setattr(page_contract, "_FAULTLESS", tmp_path / "kept" / "faultless")
    page_contract.faultless.cache_clear()
    yield
    page_contract.faultless.cache_clear()


def test_a_page_of_the_same_structure_is_parsed_once() -> None:
    for number in (1, 2):
        assert check_page(PAGE.format(number=number, more=""), path="/cases") == []
    assert len(page_contract.faultless()) == 1


@pytest.mark.parametrize(
    "more", ["<p><div></p></div>", "<p id=a id=b>x</p>", "<table><p>x</p></table>", "<b>&bogus</b>"]
)
def test_a_fault_of_structure_is_found_each_time(more: str) -> None:
    assert check_page(PAGE.format(number=1, more=""), path="/cases") == []
    for _time in (1, 2):
        faults = check_page(PAGE.format(number=1, more=more), path="/cases")
        assert any("Mend the HTML" in fault for fault in faults)
    assert len(page_contract.faultless()) == 1


def test_structures_are_known_to_the_next_run() -> None:
    assert check_page(PAGE.format(number=1, more=""), path="/cases") == []
    known = page_contract.faultless()
    page_contract.faultless.cache_clear()
    assert page_contract.faultless() == known
