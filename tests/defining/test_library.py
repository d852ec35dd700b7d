"""The folder of forms, and the shipped forms."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.form_checks import check_file
from surveyapp.defining.library import (
    available_forms,
    form_files,
    form_named,
    forms_folder,
    json_schema,
    shipped_forms,
)
from surveyapp.defining.mistakes import FormMistakes
from tests.defining.forms_at_hand import KIND_NAMES, OURS, ours, small

SHIPPED = available_forms(OURS)


def test_the_folder_is_that_of_the_settings_or_of_the_shipped_forms(app: Flask, tmp_path: Path) -> None:
    assert forms_folder() == OURS == shipped_forms()
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, forms_folder=str(tmp_path)))
    assert forms_folder() == tmp_path


def test_forms_are_listed_by_title_and_a_broken_one_with_its_mistakes(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small("{id: tool, number: 1, theme: one, kind: text, ask: Which}"))
    (tmp_path / "copy.yml").write_text((tmp_path / "small.yaml").read_text())
    (tmp_path / "broken.yaml").write_text("form: broken\n")
    files = form_files(tmp_path)
    assert [(file.path.name, file.form is not None, len(file.mistakes)) for file in files] == [
        ("broken.yaml", False, 4),
        ("copy.yml", True, 0),
        ("small.yaml", False, 1),
    ]
    assert files[2].mistakes[0].message == 'the form "small" is in copy.yml already'
    assert [form.form for form in available_forms(tmp_path)] == ["small"]


def test_a_form_is_found_by_its_id(tmp_path: Path) -> None:
    assert form_named(OURS, "neglect_2024").title == "Child Protection Plans for neglect"
    with pytest.raises(KeyError):
        form_named(OURS, "nothing")
    (tmp_path / "broken.yaml").write_text("form: broken\n")
    with pytest.raises(FormMistakes):
        form_named(tmp_path, "broken")


def test_the_schema_file_beside_the_forms_is_up_to_date() -> None:
    assert (OURS / "form.schema.json").read_text(encoding="utf-8") == json_schema()
    assert json.loads(json_schema())["required"] == ["form", "title", "source", "themes", "questions"]


def test_every_form_we_ship_reads_without_a_mistake() -> None:
    paths = sorted(OURS.glob("*.yaml"))
    assert len(paths) == 5
    for path in paths:
        mistakes, warnings = check_file(path)
        assert not mistakes
        assert not warnings or "2014" in path.name


@pytest.mark.parametrize("form", SHIPPED, ids=lambda form: form.form)
def test_every_form_we_ship_is_written_for_people(form: AuditForm) -> None:
    assert 10 <= len(form.questions) <= 26
    assert [question.number for question in form.questions] == list(range(1, len(form.questions) + 1))
    assert any(question.required for question in form.questions)
    for text in _texts(form):
        assert "'" not in text
        assert '"' not in text


FROM_BRIEFS = [form for form in SHIPPED if "2014" not in form.form]


@pytest.mark.parametrize("form", FROM_BRIEFS, ids=lambda form: form.form)
def test_a_form_made_from_a_brief_asks_every_agency_what_was_good_and_what_to_learn(form: AuditForm) -> None:
    for name in ("good_practice", "learning"):
        question = form.question(name)
        assert (question.kind, question.only_for, question.show_if) == ("long_text", (), None)


@pytest.mark.parametrize("form", FROM_BRIEFS, ids=lambda form: form.form)
def test_not_being_invited_is_a_finding_and_grades_say_what_they_mean(form: AuditForm) -> None:
    options = [option for question in form.questions for option in question.answers]
    assert all(option.counts_as is None for option in options if option.value == "not_invited")
    grades = [option for option in options if option.value in {"outstanding", "good", "inadequate"}]
    assert all(option.hint for option in grades)
    assert not any(option.raises_concern for option in options), "The box for a concern asks that already."


@pytest.mark.parametrize(
    ("form", "topics"),
    [
        (
            "pre_school_2021",
            {"domestic_abuse", "dash", "parents_understood", "pre_birth_plan_robust", "flag"},
        ),
        ("emotional_abuse_2022", {"health_at_meetings", "strategy_meeting_in_time", "parenting_work"}),
        ("neglect_2024", {"domestic_abuse", "quorate", "escalation", "parents_trauma", "change_lasted"}),
        ("repeat_plans_2025", {"domestic_abuse", "future_harm", "adults_named", "adult_social_care"}),
    ],
)
def test_what_a_brief_reports_on_is_asked(form: str, topics: set[str]) -> None:
    assert topics <= {question.id for question in ours(form).questions}


@pytest.mark.parametrize("form", FROM_BRIEFS, ids=lambda form: form.form)
def test_a_form_made_from_a_brief_says_that_the_template_is_not_published(form: AuditForm) -> None:
    assert "original template is not published" in form.source
    header = (OURS / f"{form.form}.yaml").read_text(encoding="utf-8").split("form:")[0]
    assert "template is" in " ".join(header.replace("#", "").split())


def test_the_2014_form_is_the_printed_template() -> None:
    form = ours()
    assert [question.number for question in form.questions] == list(range(1, 15))
    assert list(form.themes.values()) == [
        "File/record management",
        "Background information and previous Child Protection Plan",
        "The child’s daily lived experience",
        "Repeat Child Protection Plan",
        "Parents’ perspective",
        "Other comments regarding multi-agency working",
    ]
    assert {question.id for question in form.questions if question.comment} == {
        question.id for question in form.questions if question.number != 14
    }
    assert {
        question.number: question.comment_when for question in form.questions if question.comment_when
    } == {
        9: ("another_source",),
        10: ("another_source",),
        11: ("yes",),
        13: ("yes",),
    }
    assert form.question("supervision_again").same_as == "supervision"
    assert not form.question("supervision_again").required
    assert [option.label for option in form.question("supervision_again").answers] == ["Yes", "No"]
    assert [len(question.choice_values) for question in form.questions] == [
        6,
        3,
        2,
        3,
        3,
        2,
        4,
        4,
        7,
        7,
        2,
        4,
        2,
        3,
    ]
    assert "your agency raise concerns" in form.question("raised_concerns").ask
    assert "immediately)" in form.question("strengths_or_concerns").ask
    assert [option.label for option in form.question("family_contact").answers] == [
        "Yes",
        "No",
        "Not appropriate",
    ]


def test_the_readmes_examples_make_a_form_that_reads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (OURS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "my_form.yaml"
    path.write_text("".join(blocks), encoding="utf-8")
    mistakes, _ = check_file(path)
    assert [str(mistake) for mistake in mistakes] == []
    assert {question.kind for question in form_named(tmp_path, "my_form").questions} == set(KIND_NAMES)


def _texts(form: AuditForm) -> list[str]:
    found = [form.title, form.source, *form.themes.values()]
    for question in form.questions:
        found += [
            question.ask,
            question.name,
            question.hint or "",
            question.comment or "",
            question.section or "",
        ]
        found += [words for option in question.answers for words in (option.label, option.name)]
        found += [words for line in question.items for words in (line.label, line.name)]
    return found
