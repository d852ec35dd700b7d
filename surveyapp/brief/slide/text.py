"""Text of a slide: runs of bold words, links, and the lines of a block."""

from surveyapp.brief.printed_text import breakable_runs
from surveyapp.brief.slide.shapes import ARIAL_SCALE, FONT, INK, Frame, Line, Shape, pt, rgb
from surveyapp.foundation.words.clean_text import clean_text

LANGUAGE = "en-GB"
# Line height, size of a heading, and space before a heading and a paragraph, in sizes of the PDF's text.
LINE_HEIGHT, HEADING_SIZE, SPACE_BEFORE_HEADING, SPACE_BEFORE_PARAGRAPH = 1.21, 1.18, 0.35, 0.1


def write_line(frame: Frame, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Write a single line: the title, the partnership or the foot."""
    from pptx.enum.text import PP_ALIGN

    line = frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT
    for words, _bold in breakable_runs(clean_text(text)):
        add_run(line, words, size, colour, bold=bold)


def add_run(line: Line, words: str, size: float, colour: str, *, bold: bool) -> Shape:
    """Add words to a line, in a size in points; `colour` is six hexadecimal digits."""
    run = line.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = pt(round(size, 1)), bold, FONT
    run.font.color.rgb = rgb(colour)
    run._r.get_or_add_rPr().set("lang", LANGUAGE)  # noqa: SLF001 — python-pptx knows other languages by number
    return run


class BlockLines:
    """Writes the lines of a block into its text box, one after another."""

    def __init__(self, frame: Frame, size: float, dark: str) -> None:
        self.frame, self.size, self.dark = frame, size, dark
        self.is_empty = True

    def _next(self, *, before: float = 0, height: float = LINE_HEIGHT) -> Line:
        """The next empty line; the box has its first line already."""
        line = self.frame.paragraphs[0] if self.is_empty else self.frame.add_paragraph()
        line.line_spacing = pt(round(self.size * height, 1))
        line.space_before = pt(0 if self.is_empty else round(self.size * before, 1))
        line.space_after = pt(0)
        self.is_empty = False
        return line

    def _write(self, line: Line, text: str) -> None:
        for words, bold in breakable_runs(clean_text(text)):
            add_run(line, words, self.size * ARIAL_SCALE, INK, bold=bold)

    def heading(self, text: str) -> None:
        """Write a heading in the colour of the block."""
        line = self._next(before=SPACE_BEFORE_HEADING, height=LINE_HEIGHT * HEADING_SIZE)
        for words, _bold in breakable_runs(clean_text(text)):
            add_run(line, words, self.size * HEADING_SIZE * ARIAL_SCALE, self.dark, bold=True)

    def paragraph(self, text: str) -> None:
        """Write a paragraph."""
        self._write(self._next(before=SPACE_BEFORE_PARAGRAPH), text)

    def point(self, text: str) -> None:
        """Write a point with its bullet."""
        self._write(self._bullet(), text)

    def link(self, name: str, address: str, what: str) -> None:
        """Write a point that begins with a link."""
        line = self._bullet()
        for words, _bold in breakable_runs(clean_text(name)):
            run = add_run(line, words, self.size * ARIAL_SCALE, INK, bold=True)
            run.hyperlink.address = address
        self._write(line, what)

    def _bullet(self) -> Line:
        from pptx.oxml.ns import qn

        line = self._next()
        properties: Shape = line._p.get_or_add_pPr()  # noqa: SLF001 — python-pptx has no bullets of its own
        indent = round(self.size * 0.75 * 12_700)
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))
        return line
