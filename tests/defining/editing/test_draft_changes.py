"""Moving and removing questions, and ids made of words."""

import pytest

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_changes import id_from, moved_question, question_id, without_question
from tests.defining.forms_at_hand import OURS


@pytest.fixture
def draft() -> FormDraft:
    """The form of 2014."""
    path = OURS / "repeat_child_protection_plans_2014.yaml"
    return read_draft(path.read_bytes(), path.name)


def headings(draft: FormDraft) -> dict[int, str]:
    """The heading above each question that has one, by its number."""
    return {question.number: question.section for question in draft.questions if question.section}


def order(draft: FormDraft) -> list[str]:
    """The ids in the order of the form; AssertionError unless they are numbered from 1."""
    assert [question.number for question in draft.questions] == list(range(1, len(draft.questions) + 1))
    return [question.id for question in draft.questions]


def test_a_question_moves_within_its_part_and_the_heading_stays(draft: FormDraft) -> None:
    moved = moved_question(draft, "file_contents", 1)
    assert order(moved)[:2] == ["supervision", "file_contents"]
    assert headings(moved) == headings(draft)


def test_a_question_moves_past_a_heading_into_the_next_part(draft: FormDraft) -> None:
    moved = moved_question(draft, "supervision_again", 1)
    assert order(moved) == order(draft), "It is the third still, below the next heading now."
    assert headings(moved)[3] == headings(draft)[4]
    back = moved_question(moved, "supervision_again", -1)
    assert back == draft


def test_the_first_and_the_last_question_stay_where_they_are(draft: FormDraft) -> None:
    assert moved_question(draft, draft.questions[0].id, -1) == draft
    assert moved_question(draft, draft.questions[-1].id, 1) == draft


def test_the_heading_of_a_question_that_is_removed_passes_to_the_next(draft: FormDraft) -> None:
    shorter = without_question(draft, "file_contents")
    assert len(shorter.questions) == 13
    assert headings(shorter)[1] == "Your agency’s file"
    assert order(shorter)[0] == "supervision"


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("Was the child’s voice heard, and by whom?", "was_the_childs_voice_heard_and"),
        ("Größe in Café", "große_in_cafe".replace("ß", "ss")),
        ("2014", "answer_2014"),
        ("???", "answer"),
        ("yes", "yes_2"),
        ("x" * 200, "x" * 56),
    ],
)
def test_ids_are_made_of_the_first_words(words: str, made: str) -> None:
    assert id_from(words, {"yes"}, otherwise="answer") == made


def test_a_question_never_gets_a_name_that_the_page_needs(draft: FormDraft) -> None:
    assert question_id("Version", draft) == "version_2"
    assert question_id("Validate this", draft) == "question_validate_this"
    assert question_id("Supervision", draft) == "supervision_2"
