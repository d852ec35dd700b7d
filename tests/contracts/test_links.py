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
# A file or folder of ours as code; one with a placeholder, such as tests/<step>/, names no file.
NAMED = re.compile(r"`((?:surveyapp|tests|docs|forms|migrations|assets)/[^`\s<]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_linked_is_there(page: Path) -> None:
    targets = (link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link)
    lost = [target for target in targets if target and not (page.parent / target).exists()]
    assert lost == [], f"{page.name} leads to what is not there."


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_of_ours_that_is_named_is_there(page: Path) -> None:
    lost = [path for path in NAMED.findall(page.read_text("utf-8")) if not any(ROOT.glob(path.rstrip("/")))]
    assert lost == [], f"{page.name} names what is not there."


def test_the_index_of_the_documentation_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    links = LINK.findall(index.read_text("utf-8"))
    led_to = {(index.parent / link.partition("#")[0]).resolve() for link in links}
    pages = {page.resolve() for page in (ROOT / "docs").glob("*.md")} - {index.resolve()}
    assert pages - led_to == set(), "Add these pages to docs/README.md."
