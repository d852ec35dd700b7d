"""An office program draws every word of a brief's slide inside its own block."""

import html
import io
import re
import shutil
import subprocess
from pathlib import Path

import pptx
import pytest

from surveyapp.brief.queries import brief_overview
from surveyapp.brief.slide.slide import as_brief_slide
from surveyapp.commands.demonstration.briefs import load_briefs, titles_with_briefs
from surveyapp.planning.queries import audit_titled
from tests.conftest import MONDAY_MORNING

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")
EMU = 12_700  # to a point
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')

pytestmark = pytest.mark.skipif(
    not (OFFICE and READER),
    reason="There is no LibreOffice here: apt-get install libreoffice-impress poppler-utils.",
)


def words_outside(content: bytes, folder: Path) -> list[str]:
    """The words that an office program draws outside the shape to which they belong."""
    (folder / "brief.pptx").write_bytes(content)
    own = f"-env:UserInstallation=file://{folder / 'office'}"
    command = [str(OFFICE), own, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "brief.pptx")], check=True, capture_output=True, timeout=120)
    read = [str(READER), "-bbox", str(folder / "brief.pdf"), "-"]
    said = subprocess.run(read, check=True, capture_output=True, text=True).stdout
    assert said.count("<page ") == 1
    found = [
        (float(left), float(top), float(right), float(bottom), html.unescape(word))
        for left, top, right, bottom, word in WORD.findall(said)
    ]
    assert len(found) > 300
    places = [
        (
            *(shape.left / EMU, shape.top / EMU),
            *((shape.left + shape.width) / EMU, (shape.top + shape.height) / EMU),
            # The words of a chart are in no text frame.
            set(shape.text_frame.text.split()) if shape.has_text_frame else None,
        )
        for shape in pptx.Presentation(io.BytesIO(content)).slides[0].shapes
    ]
    return [
        word
        for left, top, right, bottom, word in found
        if not any(
            place[0] - 1 <= left
            and right <= place[2] + 1
            and place[1] - 1 <= top
            and bottom <= place[3] + 1
            and (place[4] is None or word.lstrip("•") in place[4] or word == "•")
            for place in places
        )
    ]


@pytest.mark.usefixtures("app")
def test_every_word_of_the_four_briefs_stands_in_its_block(tmp_path: Path) -> None:
    load_briefs(now=MONDAY_MORNING)
    for number, title in enumerate(titles_with_briefs()[:4]):
        audit = audit_titled(title)
        assert audit is not None
        folder = tmp_path / str(number)
        folder.mkdir()
        brief = brief_overview(audit.id, now=MONDAY_MORNING).brief
        assert words_outside(as_brief_slide(brief), folder) == [], title
