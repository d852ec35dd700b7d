"""Every page that takes a file says that it is reading it."""

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "surveyapp" / "templates" / "survey"
FORMS = [
    (path.relative_to(TEMPLATES), line.strip())
    for path in sorted(TEMPLATES.rglob("*.html"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.lstrip().startswith("<form") and "multipart/form-data" in line
]


@pytest.mark.parametrize(("path", "line"), FORMS, ids=lambda value: str(value)[:40])
def test_an_upload_takes_a_sign_of_progress(path: Path, line: str) -> None:
    assert "data-says-busy" in line, f"{path}: say what the press does, such as “Reading the file…”"
