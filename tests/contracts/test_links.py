"""Every file to which a Markdown page links exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITTEN = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "forms").glob("*.md"),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_linked_is_there(page: Path) -> None:
    targets = (link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link)
    lost = [target for target in targets if target and not (page.parent / target).exists()]
    assert lost == [], f"{page.name} leads to what is not there."


def test_the_index_of_the_documentation_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    links = LINK.findall(index.read_text("utf-8"))
    led_to = {(index.parent / link.partition("#")[0]).resolve() for link in links}
    pages = {page.resolve() for page in (ROOT / "docs").glob("*.md")} - {index.resolve()}
    assert pages - led_to == set(), "Add these pages to docs/README.md."
