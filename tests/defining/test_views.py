"""The pages that list forms and show each as an agency sees it."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.library import available_forms
from surveyapp.defining.mistakes import MOST_LISTED
from tests.defining.forms_at_hand import OURS, RETURNED_ON, TESTS, feature, ours
from tests.page_client import PageClient

_QUESTIONS = '{% import "survey/defining/question.html" as questions %}{{ questions.all(form) }}'


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A forms folder of this test's own."""
    folder = tmp_path / "forms"
    folder.mkdir()
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, forms_folder=str(folder)))
    return folder


def test_staff_see_every_form_with_its_length(client: PageClient) -> None:
    page = client.get("/forms").text
    assert "Repeat Child Protection Plans" in page
    assert "14 questions, about 20 minutes." in page


def test_of_very_many_mistakes_in_a_file_the_first_are_listed(client: PageClient, folder: Path) -> None:
    (folder / "broken.yaml").write_text("".join(f"unknown_{number}: x\n" for number in range(300)))
    page = client.get("/forms").text
    assert "mistakes to mend in the file, of which these are the first 200." in page
    assert page.count("<li>Line ") == MOST_LISTED


def test_a_broken_file_is_listed_with_all_its_mistakes(client: PageClient, folder: Path) -> None:
    (folder / "broken.yaml").write_bytes((TESTS / "bad" / "ten_mistakes.yaml").read_bytes())
    page = client.get("/forms").text
    assert "10 mistakes to mend" in page
    assert "Line 16, column 11:" in page
    refused = client.get("/forms/broken", status=409).text
    assert "This form has 10 mistakes" in refused


def test_an_empty_folder_is_said_to_be_empty(client: PageClient, folder: Path) -> None:
    assert folder.is_dir()
    assert "There is no form yet." in client.get("/forms").text


@pytest.mark.parametrize("form_id", [form.form for form in available_forms(OURS)])
def test_every_form_we_ship_is_shown_as_an_agency_sees_it(client: PageClient, form_id: str) -> None:
    page = client.get(f"/forms/{form_id}").text
    for question in ours(form_id).questions:
        assert f"{question.number}.</span>" in page


def test_the_preview_is_that_of_the_kind_of_agency_chosen(client: PageClient) -> None:
    assert "school attendance" in client.get("/forms/neglect_2024?kind=school").text
    assert "school attendance" not in client.get("/forms/neglect_2024?kind=police").text
    assert "school attendance" in client.get("/forms/neglect_2024").text


def test_the_page_shows_the_descriptor_of_each_grade_beside_it(client: PageClient, folder: Path) -> None:
    (folder / "scale_of_grades.yaml").write_bytes((TESTS / "features" / "scale_of_grades.yaml").read_bytes())
    page = client.get("/forms/scale_of_grades").text
    assert 'aria-describedby="grade-item-hint"' in page
    assert (
        'id="grade-item-hint" class="govuk-hint govuk-radios__hint">Every step of the plan was taken' in page
    )


def test_the_page_of_a_missing_form_is_not_found(client: PageClient) -> None:
    assert "There is no such form" in client.get("/forms/nothing", status=404).text


def test_a_stranger_sees_no_forms(stranger: PageClient) -> None:
    assert stranger.http.get("/forms").status_code in {302, 401}


@pytest.mark.parametrize("path", sorted((TESTS / "features").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_feature_can_be_drawn_empty_and_in_error(app: Flask, path: Path) -> None:
    made = answer_form(feature(path.stem))
    with app.test_request_context():
        empty = render_template_string(_QUESTIONS, form=made())
        wrong = made(MultiDict((field.name, "x" * 501) for field in made()))
        wrong.check_return(RETURNED_ON)
        shown = render_template_string(_QUESTIONS, form=wrong)
    assert "govuk-form-group--error" not in empty
    assert ("govuk-form-group--error" in shown) == bool(wrong.errors)


def test_typed_text_is_shown_again_as_text(app: Flask) -> None:
    typed = "</textarea><script>alert(1)</script>{{7*7}}"
    with app.test_request_context():
        page = render_template_string(
            _QUESTIONS, form=answer_form(ours())(MultiDict([("supervision-comment", typed)]))
        )
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "<script>" not in page


def test_the_2014_form_fits_in_eight_kilobytes_as_it_is_sent(client: PageClient) -> None:
    assert len(gzip.compress(client.get("/forms/repeat_child_protection_plans_2014").data)) < 8_000
