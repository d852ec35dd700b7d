"""The blank form, on which an agency collects its answers."""

from surveyapp.defining.blank_form import blank_form
from surveyapp.foundation.documents.blocks import Boxes
from tests.defining.forms_at_hand import feature


def test_the_boxes_of_grades_say_what_each_grade_means() -> None:
    document = blank_form(feature("scale_of_grades"), None, about="", author="", foot="")
    boxes = next(block for block in document.blocks if isinstance(block, Boxes))
    assert boxes.labels == (
        "Good: Every step of the plan was taken in time",
        "Poor: Steps of the plan were missed",
    )
