"""Shapes of a slide: units, colours, places and text boxes of python-pptx."""

from typing import Any, TypeAlias

from surveyapp.brief.pdf import BlockPlace

# python-pptx has types for only part of itself.
Slide: TypeAlias = Any
Frame: TypeAlias = Any
Line: TypeAlias = Any
Shape: TypeAlias = Any
Length: TypeAlias = Any
FONT = "Arial"
# Millimetres: the same page as the PDF, and its margins.
PAGE_WIDTH, PAGE_HEIGHT, LEFT, TOP = 297, 210, 11, 10
# Arial is wider than the font of the PDF; scaled by this factor, the same words take no more room.
ARIAL_SCALE = 0.88
INK = "16202A"


def mm(millimetres: float) -> Length:
    """A length in PowerPoint's units from millimetres."""
    from pptx.util import Mm

    return Mm(millimetres)


def pt(size: float) -> Length:
    """A length in PowerPoint's units from points."""
    from pptx.util import Pt

    return Pt(size)


def points(millimetres: float) -> float:
    """Convert millimetres to points."""
    return millimetres * 72 / 25.4


def rgb(name: str) -> Shape:
    """A colour from six hexadecimal digits."""
    from pptx.dml.color import RGBColor

    colour: Shape = RGBColor
    return colour(*bytes.fromhex(name))


def put(shape: Shape, place: BlockPlace) -> None:
    """Move a shape to a place, measured in points from the margins."""
    shape.left, shape.top = mm(LEFT) + pt(place.x), mm(TOP) + pt(place.y)
    shape.width, shape.height = pt(place.width), pt(place.height)


def add_box(slide: Slide, name: str, place: BlockPlace, insets: tuple[float, ...]) -> Frame:
    """Add a text box; `insets` are its margins in points: left, top, right, bottom."""
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = name
    put(box, place)
    set_up_frame(box.text_frame, insets)
    return box.text_frame


def set_up_frame(frame: Frame, insets: tuple[float, ...]) -> None:
    """Wrap the text of a frame, from its top, with these margins in points."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE

    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    # PowerPoint shrinks the text where a wider font replaces Arial.
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    left, top, right, bottom = (pt(inset) for inset in insets)
    frame.margin_left, frame.margin_top, frame.margin_right, frame.margin_bottom = left, top, right, bottom
