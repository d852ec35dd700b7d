"""Breaking text into lines."""

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.exports.returns_pdf.line_breaks import LineBreaker
from surveyapp.foundation.documents.fonts import printable

WIDTH = 200.0
KNOWN = st.text(st.sampled_from("abc xyz ßéŁőЖя—“”’…\n 1"), max_size=300)


@given(KNOWN)
def test_lines_fit_and_contain_the_whole_text(text: str) -> None:
    measure = LineBreaker("Regular", 10, WIDTH)
    shown = printable(text)
    lines = measure.lines(shown)
    assert all(measure.points(line.rstrip(" ")) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


def test_a_word_longer_than_a_line_is_cut() -> None:
    lines = LineBreaker("Regular", 10, WIDTH).lines("x " + "m" * 1_000 + " y")
    assert len(lines) > 30
    assert "".join(lines) == "x " + "m" * 1_000 + " y"


def test_all_lines_but_the_last_end_with_a_space() -> None:
    lines = LineBreaker("Regular", 10, WIDTH).lines("one\ntwo " + "three " * 20 + "\n\nend")
    assert all(line.endswith(" ") for line in lines[:-1])
    assert lines[-1] == "end"
