"""Tagged pages: whatever the text, each belongs to one element and none is lost."""

import io
import re
from typing import Any, cast

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.exports.returns_pdf.tagged_pages import TaggedPages
from surveyapp.foundation.documents.fonts import printable
from tests.conftest import MONDAY_MORNING
from tests.exports.every_kind import TEXTS
from tests.exports.returns_pdf.tagged_pdf import heard

pytestmark = pytest.mark.slow

LONG = "A sentence that goes on for a while, as comments do. " * 90
ANY = TEXTS | st.just(LONG) | st.just("m" * 3_000) | st.just("")
PIECES = st.lists(
    st.tuples(st.just("question"), ANY)
    | st.tuples(st.just("paragraph"), ANY)
    | st.tuples(st.just("points"), st.lists(ANY, min_size=2, max_size=4)),
    max_size=12,
)


def made(*parts: tuple[str, list[tuple[str, str | list[str]]]], title: str = "Title") -> bytes:
    to = io.BytesIO()
    pages = TaggedPages(to, title=title, author="Ours", about="About", made_at=MONDAY_MORNING)
    for heading, pieces in parts:
        pages.part(heading, under=heading)
        for kind, text in pieces:
            getattr(pages, kind)(text)
    pages.end()
    return to.getvalue()


@settings(max_examples=60, deadline=None)
@given(heading=TEXTS, pieces=PIECES)
def test_every_text_is_the_whole_content_of_one_element(
    heading: str, pieces: list[tuple[str, str | list[str]]]
) -> None:
    tagged_texts = heard(made(("First", []), (heading, pieces))).texts()
    given_texts = [heading]
    for _kind, text in pieces:
        given_texts += text if isinstance(text, list) else [text]
    wanted = [printable(text).split() for text in given_texts]
    words_read = [text.split() for tag, text in tagged_texts if tag != "Lbl"]
    assert words_read[1:] == [words for words in wanted if words]


def test_a_heading_is_never_the_last_text_of_a_page() -> None:
    pieces: list[tuple[str, str | list[str]]] = []
    for number in range(200):
        pieces += [("question", f"Question {number}"), ("paragraph", "Answer. " * (number % 40))]
    with pikepdf.open(io.BytesIO(made(("Part", pieces)))) as pdf:
        assert len(pdf.pages) > 10
        for page in pdf.pages:
            tags = [
                str(cast("Any", instruction).operands[0])
                for instruction in pikepdf.parse_content_stream(page)
                if str(instruction.operator) == "BDC"
            ]
            assert tags[-1] == "/Artifact"
            assert tags[-2] in {"/P", "/LBody"} or page.objgen == pdf.pages[-1].objgen


def test_more_than_a_hundred_pages_are_divided_into_branches() -> None:
    content = made(*((f"Part {number}", []) for number in range(230)))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 230 == int(pdf.Root.Pages.Count)
        assert [int(branch.Count) for branch in pdf.Root.Pages.Kids] == [100, 100, 30]
        total = pdf.pages[0].resources.XObject.T.read_bytes()
        assert b"".join(b"%04x" % ord(digit) for digit in "230") in total
        # What lies outside of the drawing's box is cut off: its line goes down by nothing.
        assert float(re.findall(rb"([\d.]+) TL", total)[-1]) == 0
    assert len(heard(content).kids) == 230


def test_the_footer_is_not_read_aloud() -> None:
    assert all("About" not in text for _tag, text in heard(made(("Part", []))).texts())


def test_a_hostile_title_is_text_in_the_metadata() -> None:
    title = 'A & B <c> ]]> )/Evil(x) "q"'
    with pikepdf.open(io.BytesIO(made(("Part", []), title=title))) as pdf:
        assert str(pdf.docinfo["/Title"]) == title
        assert "/Evil" not in pdf.docinfo
        with pdf.open_metadata() as facts:
            assert facts["dc:title"] == title
