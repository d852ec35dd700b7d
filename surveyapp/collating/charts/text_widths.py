"""Estimates the width of text, so that a chart can break lines without reading a font."""

from collections.abc import Iterator

# Upper limits for Arial, as a fraction of the font size: narrow letters, wide ones, and all others.
_WIDTHS = dict.fromkeys("ijl|.,:;!’‘'()[]/ ftrI", 0.34) | dict.fromkeys("mwMW@%—", 1.0)
_SMALL_LETTER, _CAPITAL_LETTER, _OTHER_SCRIPT = 0.56, 0.78, 1.0
# How much wider a text is in bold.
BOLD_FACTOR = 1.06


def text_width(text: str) -> float:
    """The width of a text as a multiple of its font size: an estimate that is never too small."""
    return sum(_WIDTHS.get(letter) or _other_width(letter) for letter in text)


def _other_width(letter: str) -> float:
    if letter.isupper():
        return _CAPITAL_LETTER
    return _SMALL_LETTER if letter < "Ͱ" or letter in "“”–" else _OTHER_SCRIPT


def wrapped_lines(text: str, room: float) -> Iterator[str]:
    """Break a text into lines at most `room` wide, as `text_width` counts; a longer word is broken too."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if text_width(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        line = ""
        for letter in word:
            if line and text_width(line + letter) > room:
                yield line
                line = ""
            line += letter
    if line:
        yield line
