"""A chart shows the figures of its table in words and lengths, and needs no colour, style or script."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.collating.charts.chart import PAGE_WIDTH, REPORT_WIDTH, chart_png, draw_chart, has_chart
from surveyapp.collating.figures import DenominatorRule, QuestionFigures
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import Question
from tests.collating.example_audits import FORM

SVG = "{http://www.w3.org/2000/svg}"
EVERYTHING_COUNTED = DenominatorRule()


def figures(
    name: str,
    chosen: Mapping[tuple[str, str], int],
    answered: int,
    *,
    rule: DenominatorRule = EVERYTHING_COUNTED,
) -> QuestionFigures:
    question = FORM.question(name)
    return SUMMARIES[question.kind](question, AnswerCounts(answered + 7, 0, answered, chosen), rule)


def seen(
    yes: int, no: int, na: int, dk: int, *, rule: DenominatorRule = EVERYTHING_COUNTED
) -> QuestionFigures:
    chosen = {("", "yes"): yes, ("", "no"): no, ("", "na"): na, ("", "dk"): dk}
    return figures("seen", chosen, yes + no + na + dk, rule=rule)


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 — our own drawing


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in drawn(svg).iter(f"{SVG}text")]


def test_title_and_description_hold_every_figure_for_screen_readers() -> None:
    root = drawn(draw_chart(seen(58, 4, 8, 0)))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Was the child seen?: chart"
    assert desc.text == (
        "Out of the 70 returns that answered, “Not applicable” and “Don’t know” counted. "
        "Yes: 58 of 70 (82.9%). No: 4 of 70 (5.7%). Not applicable: 8 of 70 (11.4%). "
        "Don’t know: 0 of 70 (0%). Not answered: 7 of 77 returns."
    )


def test_counts_are_on_the_bar_and_figures_in_the_key() -> None:
    words = texts(draw_chart(seen(58, 4, 8, 0), width=REPORT_WIDTH))
    assert {"58", "4", "8"} <= set(words)
    assert {"Yes: 58 of 70 (82.9%)", "Don’t know: 0 of 70 (0%)", "Not answered: 7 of 77 returns."} <= set(
        words
    )


def test_answers_that_the_rule_leaves_out_are_not_on_the_bar() -> None:
    svg = draw_chart(seen(31, 10, 0, 31, rule=DenominatorRule(dont_know=False)))
    assert "Out of 41 returns: 31 “Don’t know” left out of the 72 returns that answered." in svg
    assert "Yes: 31 of 41 (75.6%)" in texts(svg)
    assert not any(words.startswith("Don’t know:") for words in texts(svg))


@given(st.tuples(*(st.integers(0, 5000) for _ in range(4))), st.sampled_from([PAGE_WIDTH, REPORT_WIDTH]))
def test_the_segments_of_a_bar_fill_its_width_exactly(four: tuple[int, ...], width: int) -> None:
    asked = seen(*four)
    svg = draw_chart(asked, width=width)
    assert bool(svg) == has_chart(asked) == (sum(four) > 0)
    if svg:
        boxes = [box for box in drawn(svg).iter(f"{SVG}rect") if box.get("height") == "27"]
        plain = [box for box in boxes if not (box.get("fill") or "").startswith("url")]
        assert len(plain) == sum(count > 0 for count in four)
        ends = [float(box.get("x") or 0) + float(box.get("width") or 0) for box in plain]
        assert width - 1 <= max(ends) <= width
        assert float(plain[0].get("x") or 0) == 0.5


def test_neighbouring_segments_differ_in_lightness_or_pattern() -> None:
    svg = draw_chart(seen(20, 20, 20, 20))
    fills = re.findall(r'height="27" fill="([^"]+)"', svg)
    solid = [fill for fill in fills if fill.startswith("#")]
    lightness = [
        0.2126 * int(fill[1:3], 16) + 0.7152 * int(fill[3:5], 16) + 0.0722 * int(fill[5:7], 16)
        for fill in solid
    ]
    assert lightness[1] - lightness[0] > 80
    assert {"url(#chart-seen-hatching)", "url(#chart-seen-dots)"} <= set(fills)


def test_seven_answers_have_seven_fill_styles() -> None:
    options = [{"value": f"v{n}", "label": f"Answer {n}"} for n in range(7)]
    question = Question.model_validate(
        {"id": "many", "number": 1, "theme": "first", "kind": "choice", "ask": "Which?", "answers": options}
    )
    chosen = {("", f"v{n}"): 10 for n in range(7)}
    svg = draw_chart(SUMMARIES["choice"](question, AnswerCounts(70, 0, 70, chosen), DenominatorRule()))
    blocks = re.findall(r'height="27" fill="([^"]+)"', svg)
    assert len(blocks) == 10  # three of them appear twice: the shade, and the stripes over it
    assert blocks.count("url(#chart-many-stripes)") == 3


def test_checklists_have_a_bar_for_each_line_and_multiple_choices_one_for_each_option() -> None:
    lines = {("plan", "yes"): 9, ("plan", "no"): 1, ("notes", "yes"): 5, ("notes", "no"): 5}
    words = texts(draw_chart(figures("file", lines, 10)))
    assert {"The plan: 9 of 10 (90%)", "The notes: 5 of 10 (50%)", "Yes", "No"} <= set(words)
    several = texts(draw_chart(figures("by_whom", {("", "nurse"): 9, ("", "worker"): 7}, 10)))
    assert {"Nurse: 9 of 10 (90%)", "Worker: 7 of 10 (70%)", "Chosen", "Not chosen"} <= set(several)


def test_a_text_question_has_no_chart() -> None:
    asked = figures("why_not", {("", ""): 3}, 3)
    assert not has_chart(asked)
    assert draw_chart(asked) == ""


def test_markup_in_a_form_is_escaped() -> None:
    attack = '"><svg/onload=alert(1)>{{7*7}} & {0}'
    question = Question.model_validate(
        {
            "id": "x",
            "number": 1,
            "theme": "first",
            "kind": "choice",
            "ask": attack,
            "answers": [{"value": "yes", "label": attack}, {"value": "no", "label": "No"}],
        }
    )
    svg = draw_chart(
        SUMMARIES["choice"](question, AnswerCounts(3, 0, 3, {("", "yes"): 3}), DenominatorRule()),
        filters_note=attack,
    )
    joined = " ".join(texts(svg))
    assert "onload=alert(1)>{{7*7}} & {0}" in joined
    assert [element.tag for element in drawn(svg).iter() if element.get("onload")] == []
    assert " style=" not in svg
    assert "<script" not in svg


def test_the_png_is_drawn_with_our_own_font() -> None:
    svg = draw_chart(seen(58, 4, 8, 0), width=REPORT_WIDTH)
    picture = chart_png(svg)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 3 * REPORT_WIDTH
    without_words = chart_png(re.sub(r"<text.*?</text>", "", svg))
    assert len(picture) > len(without_words) + 5_000


def test_a_long_word_stays_within_the_chart() -> None:
    question = FORM.question("seen").model_copy(update={"short": "W" * 200})
    svg = draw_chart(
        SUMMARIES["choice"](question, AnswerCounts(3, 0, 3, {("", "yes"): 3}), DenominatorRule())
    )
    lines = [words for words in texts(svg) if set(words) == {"W"}]
    assert sum(map(len, lines)) == 200
    # In bold Arial W is 0.944 of the font size wide.
    assert max(map(len, lines)) * 14 * 0.944 <= PAGE_WIDTH
