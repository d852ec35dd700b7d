"""The proxies of the guide for hosts keep links out of their logs."""

import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "hosting.md").read_text("utf-8")
# How nginx matches: `~` with and `~*` without regard to capitals; without either, the beginning of the path.
UNLOGGED = re.compile(r"location (?:(~\*?) )?(\S+) \{\s*access_log off;")


def is_unlogged(path: str) -> bool:
    """Whether one of the guide's locations keeps a path out of the access log."""
    return any(
        re.search(pattern, path, re.IGNORECASE if kind == "~*" else 0) if kind else path.startswith(pattern)
        for kind, pattern in UNLOGGED.findall(GUIDE)
    )


@pytest.mark.parametrize("path", ["/case-audits/r/abc/", "/CASE-AUDITS/R/ABC/"])
def test_a_link_is_in_no_access_log_in_capitals_either(path: str) -> None:
    assert is_unlogged(path)


@pytest.mark.parametrize("path", ["/case-audits/returns/", "/case-audits/audits"])
def test_other_pages_are_logged(path: str) -> None:
    assert not is_unlogged(path)
