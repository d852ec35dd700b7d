"""Measures the learning brief of 77 returns as PDF and PowerPoint: `python -m tests.bench.briefs`."""

import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from statistics import median

from surveyapp.brief.brief import Brief
from surveyapp.brief.export import PDF, POWERPOINT, export_brief
from surveyapp.brief.queries import current_brief
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.commands.demonstration.briefs import load_briefs
from surveyapp.foundation import clock
from tests.bench.installation import BenchInstallation
from tests.bench.table import Line

TIMES = 7
# The same words on one page, without layout.
_BARE = """
#set document(title: "Floor")
#set page(paper: "a4", flipped: true)
#set text(font: "Source Sans Pro", size: 8pt)
#for each in json(bytes(sys.inputs.words)) { par(each) }
"""


def milliseconds_taken(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the first call, which loads the library, and the median of the further ones."""
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return took[0], median(took[1:])


def bare_pdf(folder: Path, brief: Brief) -> Callable[[], object]:
    """The floor of the PDF: Typst alone, with the brief's words as paragraphs."""
    import typst  # noqa: PLC0415 — as the program imports it

    source = folder / "floor.typ"
    source.write_text(_BARE)
    words = json.dumps([text for section in brief.sections for text in section.texts])
    letters = [str(files("font_source_sans_pro") / "files")]
    return lambda: typst.compile(
        str(source), font_paths=letters, sys_inputs={"words": words}, pdf_standards=["ua-1"]
    )


def bare_slide(brief: Brief) -> Callable[[], object]:
    """The floor of the slide: python-pptx alone, with a text box for each block."""
    import pptx  # noqa: PLC0415 — as the program imports it
    from pptx.util import Mm  # noqa: PLC0415 — likewise

    def made() -> None:
        presentation = pptx.Presentation()
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        for section in brief.sections:
            box = slide.shapes.add_textbox(Mm(10), Mm(10), Mm(80), Mm(40))
            box.text_frame.text = "\n".join(section.texts)
        presentation.save(io.BytesIO())

    return made


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table: name, budget, measured, floor."""
    folder.mkdir(parents=True, exist_ok=True)
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'briefs.sqlite'}")
    with stock.app():
        now = clock.now()
        audit_id = load_demonstration(now=now).id
        load_briefs(now=now)
        for name, words in ((PDF, "PDF"), (POWERPOINT, "PowerPoint")):

            def made(ending: str = name) -> None:
                export_brief(audit_id, ending, actor="bench", now=now)

            first, then = milliseconds_taken(made)
            brief = current_brief(audit_id, now=now)
            floor = bare_pdf(folder, brief) if name == PDF else bare_slide(brief)
            yield (
                f"learning brief of 77 returns as {words}",
                "1 s",
                f"{then:.0f} ms ({first:.0f} ms the first time)",
                f"{milliseconds_taken(floor)[1]:.0f} ms by its library alone",
            )


def main() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    try:
        for line in lines(folder / "briefs"):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
