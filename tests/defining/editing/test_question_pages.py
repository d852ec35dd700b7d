"""The page of one question: rows by buttons, the checks beside the fields, and two managers at once."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.queries import saved_form, usable_form
from tests.defining.editing.page_fields import page_fields
from tests.defining.forms_at_hand import OURS
from tests.page_client import PageClient


def stored(form_id: str, session: Session) -> FormDraft:
    """The form as it is stored now."""
    session.rollback()
    return read_draft(saved_form(form_id).text, form_id)


@pytest.mark.parametrize(
    "form_id",
    [
        "pre_school_2021",
        *(
            pytest.param(longer, marks=pytest.mark.slow)
            for longer in ("repeat_child_protection_plans_2014", "repeat_plans_2025", "neglect_2024")
        ),
    ],
)
def test_every_question_that_is_saved_as_it_stands_says_the_same(
    client: PageClient, session: Session, form_id: str
) -> None:
    copied = client.post(f"/forms/{form_id}/copy", {"title": "The same", "source": "Ours"})
    copy = copied.headers["Location"].split("/")[2]
    before = stored(copy, session)
    for question in before.questions:
        page = client.get(f"/forms/{copy}/questions/{question.id}").text
        client.post(f"/forms/{copy}/questions/{question.id}", page_fields(page))
    assert stored(copy, session) == before
    original = read_draft((OURS / f"{form_id}.yaml").read_bytes(), form_id)
    assert before.questions == original.questions


def test_a_question_with_four_grades_is_added_and_asked(client: PageClient, copy: str) -> None:
    page = client.get(f"/forms/{copy}/new-question")
    fields = page_fields(page.text) | {
        "ask": "How would you grade your agency’s work with this child?",
        "kind": "scale",
        "short": "Overall grade",
    }
    filled = client.post(f"/forms/{copy}/new-question", fields | {"press": "fill-grades"}, status=200).text
    fields = page_fields(filled)
    labels = [fields[f"answers-{place}-label"] for place in range(4)]
    assert labels == ["Outstanding", "Good", "Requires improvement", "Inadequate"]
    assert fields["ask"] == "How would you grade your agency’s work with this child?"
    fields |= {"answers-1-hint": "The right help at the right time", "answers-3-needs_comment": "y"}
    saved = client.follow(client.post(f"/forms/{copy}/new-question", fields)).text
    assert "Question 15 is saved." in saved
    question = usable_form(copy).question("overall_grade")
    assert [option.value for option in question.answers] == [
        "outstanding",
        "good",
        "requires_improvement",
        "inadequate",
    ]
    assert question.answers[1].hint == "The right help at the right time"
    assert question.comment_when == ("inadequate",)
    assert "15.</span> How would you grade" in client.get(f"/forms/{copy}?kind=gp").text


def test_answers_are_added_moved_and_removed_by_buttons_that_store_nothing(
    client: PageClient, copy: str, session: Session
) -> None:
    address = f"/forms/{copy}/questions/contributed_to_lived_experience"
    before = stored(copy, session)
    fields = page_fields(client.get(address).text)

    def press(what: str) -> list[str]:
        nonlocal fields
        fields = page_fields(client.post(address, fields | {"press": what}, status=200).text)
        return [fields[name] for name in fields if name.startswith("answers-") and name.endswith("-label")]

    no = "No we do not have information to contribute"
    assert press("add") == ["Yes", no, ""]
    fields["answers-2-label"] = "In part"
    assert press("up-2") == ["Yes", "In part", no]
    assert press("down-0") == ["In part", "Yes", no]
    assert press("remove-2") == ["In part", "Yes"]
    assert press("up-99") == ["In part", "Yes"]
    assert stored(copy, session) == before
    client.post(address, fields)
    question = usable_form(copy).question("contributed_to_lived_experience")
    assert [(option.value, option.label) for option in question.answers] == [
        ("in_part", "In part"),
        ("yes", "Yes"),
    ]


def test_shared_answers_are_changed_for_all_their_questions_or_copied_for_one(
    client: PageClient, copy: str
) -> None:
    address = f"/forms/{copy}/questions/supervision"
    page = client.get(address).text
    assert "Yes, No, Not applicable (questions 2, 4 and 5)" in page
    own = page_fields(client.post(address, page_fields(page) | {"press": "own"}, status=200).text)
    assert own["answers-2-label"] == "Not applicable"
    assert own["answers-2-counts_as"] == "not_applicable"
    own["answers-0-label"] = "Yes, in the last three months"
    client.post(address, own)
    shared = f"/forms/{copy}/answers/yes_no_na"
    page = client.get(shared).text
    assert "What you change here changes in 2 questions:" in page
    client.post(shared, page_fields(page) | {"answers-0-label": "Yes, fully"})
    form = usable_form(copy)
    assert form.question("supervision").answers[0].label == "Yes, in the last three months"
    assert form.question("tasks_and_dates").answers[0].label == "Yes, fully"
    assert form.question("tasks_and_dates").answers[0].value == "yes"


def test_a_question_depends_on_an_earlier_answer(client: PageClient, copy: str) -> None:
    address = f"/forms/{copy}/questions/tasks_and_dates"
    fields = page_fields(client.get(address).text) | {"show_question": "supervision"}
    refused = client.post(address, fields, status=422).text
    assert "Tick the answers with which this question is asked" in refused
    several = {"show_options": ["yes", "no"], "show_rule": "is_not"}
    assert (
        "Tick one answer, or choose" in client.post(address, page_fields(refused) | several, status=422).text
    )
    client.post(address, page_fields(refused) | {"show_options": ["yes", "not_applicable"]})
    rule = usable_form(copy).question("tasks_and_dates").show_if
    assert rule is not None
    assert (rule.question, rule.one_of) == ("supervision", ("yes", "not_applicable"))
    assert 'value="not_applicable" checked' in client.get(address).text


def test_a_question_that_breaks_a_rule_is_kept_and_says_so_beside_its_field(
    client: PageClient, copy: str, session: Session
) -> None:
    fields = page_fields(client.get(f"/forms/{copy}/new-question").text) | {"ask": "Which of these?"}
    page = client.follow(client.post(f"/forms/{copy}/new-question", fields)).text
    assert "The form cannot be used until you mend what is marked below." in page
    assert 'id="answers-0-label-error"' in page
    assert "Add the answers to choose from." in page
    assert stored(copy, session).questions[-1].ask == "Which of these?"
    outline = client.get(f"/forms/{copy}/questions").text
    assert "1 thing to mend before an audit can use it" in outline
    assert "Plan an audit with it" not in outline
    assert copy not in client.get("/audits/new").text
    assert "This form has 1 mistake" in client.get(f"/forms/{copy}", status=409).text


def test_warnings_stand_with_their_question_without_ids(client: PageClient, copy: str) -> None:
    fields = page_fields(client.get(f"/forms/{copy}/questions/supervision_again").text) | {"same_as": ""}
    outline = client.follow(client.post(f"/forms/{copy}/questions/supervision_again", fields)).text
    assert "Question 3 repeats question 2." in outline
    fields = page_fields(client.get(f"/forms/{copy}/questions/file_contents").text) | {"none_of_these": ""}
    client.post(f"/forms/{copy}/questions/file_contents", fields)
    page = client.get(f"/forms/{copy}/questions/file_contents").text
    assert "There is no “None of these”: no tick cannot be told from no answer." in page


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("ask", "", "Write the question, as agencies will read it"),
        ("lowest", "ten", "Write a whole number, such as 10"),
        ("earliest", "soon", "Write a day, such as 1 September 2020, or the word today"),
        ("theme", "gone", "What was chosen here is no longer there: choose again"),
        ("role_own", "own_agency", "Choose both answers, or neither"),
        ("conflicts-2-one", "no", "Choose both answers of the pair, or neither"),
        ("hint", "x" * 2_001, "use 2,000 characters or fewer"),
    ],
)
def test_what_cannot_be_stored_is_named_at_its_field_and_nothing_is_lost(
    client: PageClient, copy: str, field: str, typed: str, says: str
) -> None:
    before, address = usable_form(copy), f"/forms/{copy}/questions/see_child_alone"
    fields = page_fields(client.get(address).text) | {"role_another": "", "role_own": "", "short": "Kept"}
    page = client.post(address, fields | {field: typed}, status=422).text
    assert says in page
    assert 'value="Kept"' in page
    assert usable_form(copy) == before


def test_made_up_values_of_rows_store_nothing_strange(client: PageClient, copy: str) -> None:
    address = f"/forms/{copy}/questions/contributed_to_lived_experience"
    fields = page_fields(client.get(address).text) | {"answers-0-value": "../x", "answers-1-counts_as": "all"}
    client.post(address, fields)
    answers = usable_form(copy).question("contributed_to_lived_experience").answers
    assert [(option.value, option.counts_as) for option in answers] == [
        ("yes", None),
        ("no_information", None),
    ]


def test_two_managers_on_different_questions_both_succeed(
    client: PageClient, copy: str, session: Session
) -> None:
    first, second = f"/forms/{copy}/questions/supervision", f"/forms/{copy}/questions/tasks_and_dates"
    one, other = page_fields(client.get(first).text), page_fields(client.get(second).text)
    client.post(first, one | {"hint": "One"})
    client.post(second, other | {"hint": "Other"})
    draft = stored(copy, session)
    assert [question.hint for question in draft.questions if question.hint][:3] == [
        "One",
        "The template asks question 2 twice. You can leave this one.",
        "Other",
    ]


def test_the_second_manager_on_a_question_sees_what_changed_and_loses_nothing(
    client: PageClient, copy: str, session: Session
) -> None:
    address = f"/forms/{copy}/questions/supervision"
    opened = page_fields(client.get(address).text)
    client.post(address, opened | {"ask": "Was it discussed?", "hint": "In the last year."})
    page = client.post(address, opened | {"ask": "Was it overseen?"}, status=409).text
    assert "Someone else changed this after you opened the page." in page
    assert "Was it discussed?" in page
    assert "In the last year." in page
    assert "Was it overseen?</textarea>" in page
    assert stored(copy, session).questions[1].ask == "Was it discussed?"
    client.post(address, page_fields(page))
    assert stored(copy, session).questions[1].ask == "Was it overseen?"


def test_a_question_that_somebody_removed_gives_its_text_back(client: PageClient, copy: str) -> None:
    address = f"/forms/{copy}/questions/supervision"
    fields = page_fields(client.get(address).text)
    client.post(f"{address}/remove", {"seen": fields["seen"]})
    client.post(f"{address}/remove", {"seen": fields["seen"]})
    page = client.post(address, fields | {"ask": "A long and careful question"}, status=409).text
    assert "A long and careful question" in page


def test_a_question_that_changed_meanwhile_is_not_removed(
    client: PageClient, copy: str, session: Session
) -> None:
    address = f"/forms/{copy}/questions/supervision"
    fields = page_fields(client.get(address).text)
    client.post(address, fields | {"ask": "Was it discussed?"})
    client.post(f"{address}/remove", {"seen": fields["seen"]}, status=409)
    assert len(stored(copy, session).questions) == 14
