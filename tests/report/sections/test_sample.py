"""The sample of the public version has no small number of cases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from tests.report.report_versions import rows_of, text_of, versions
from tests.row_maker import Maker

SAMPLE = "The sample and its balance"
Smaller = Callable[[int], None]


def test_rows_of_few_children_are_joined_in_the_public_version(demonstrated: Audit) -> None:
    internal, public = versions(demonstrated)
    assert rows_of(internal, SAMPLE)["Age: Over 10 years"] == "3 of 15"
    assert rows_of(public, SAMPLE) == {
        "Age: Under 5 years": "8 of 15",
        "Age: 5 to 10 years or over 10 years": "7 of 15",
        "Gender: Female": "8 of 15",
        "Gender: Male": "7 of 15",
        "Category: Emotional abuse": "7 of 15",
        "Category: Neglect": "8 of 15",
        "Plan: Child protection": "15 of 15",
    }
    note = "Rows with small numbers are joined"
    assert note in text_of(public)
    assert note not in text_of(internal)


@pytest.fixture
def smaller(app: Flask) -> Smaller:
    """Change the number under which numbers are small."""

    def _smaller(number: int) -> None:
        state = app.extensions["survey"]
        app.extensions["survey"] = replace(state, settings=replace(state.settings, small_number=number))

    return _smaller


def test_the_setting_small_number_decides_which_rows_are_joined(
    fifteen_cases: Audit, smaller: Smaller
) -> None:
    for number, ages in (
        (
            4,
            {
                "Age: Under 5 years": "4 of 15",
                "Age: 5 to 10 years": "6 of 15",
                "Age: Over 10 years": "5 of 15",
            },
        ),
        (5, {"Age: Under 5 years or over 10 years": "9 of 15", "Age: 5 to 10 years": "6 of 15"}),
        (7, {}),
    ):
        smaller(number)
        public_rows = rows_of(versions(fifteen_cases)[1], SAMPLE)
        assert {name: figure for name, figure in public_rows.items() if name.startswith("Age")} == ages
    assert rows_of(versions(fifteen_cases)[0], SAMPLE)["Age: Under 5 years"] == "4 of 15"


def test_the_names_of_a_joined_row_are_in_alphabetical_order(fifteen_cases: Audit, session: Session) -> None:
    for case in fifteen_cases.cases:
        case.category = ("neglect", "sexual abuse", "CSE")[(case.position > 8) + (case.position > 13)]
    session.commit()
    internal, public = versions(fifteen_cases)
    assert list(rows_of(internal, SAMPLE))[-3:] == [
        "Category: Neglect",
        "Category: Sexual abuse",
        "Category: CSE",
    ]
    assert list(rows_of(public, SAMPLE))[-2:] == ["Category: CSE or sexual abuse", "Category: Neglect"]


def test_small_numbers_of_unborn_children_and_siblings_are_left_out(
    fifteen_cases: Audit, session: Session
) -> None:
    first, second, *others = fifteen_cases.cases
    first.unborn, first.age_months = True, None
    second.sibling_group = others[0].sibling_group = "A"
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "1 child not yet born. They include 1 sibling group, some with" in internal
    assert "Some were not yet born. They include sibling groups." in public


def test_sibling_groups_are_not_counted_where_few_children_have_no_siblings(
    fifteen_cases: Audit, session: Session
) -> None:
    for case in fifteen_cases.cases[:12]:
        case.sibling_group = case.pseudonym
    session.commit()
    fifteen_cases.cases[11].sibling_group = fifteen_cases.cases[0].pseudonym
    session.commit()
    assert "They include sibling groups." in text_of(versions(fifteen_cases)[1])
    fifteen_cases.cases[11].sibling_group = fifteen_cases.cases[11].pseudonym
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "They include 12 sibling groups, with one child from each." in internal
    assert "They include sibling groups." in public


def test_sibling_groups_are_counted_where_no_number_is_small(fifteen_cases: Audit, session: Session) -> None:
    for case in fifteen_cases.cases[:8]:
        case.sibling_group = case.pseudonym
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "They include 8 sibling groups, with one child from each." in internal
    assert "They include 8 sibling groups." in public


def test_public_ages_are_as_coarse_as_in_a_brief(fifteen_cases: Audit, session: Session) -> None:
    fifteen_cases.cases[0].age_months, fifteen_cases.cases[-1].age_months = 4, 16 * 12 + 7
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "aged from 4 months to 16 years 7 months." in internal
    assert "aged from 4 months to 16 years." in public


def test_a_small_sample_is_not_described(make: Maker) -> None:
    internal, public = versions(make.audit(cases=3, agencies=4, returned=12))
    assert "The sample is 3 cases." in text_of(internal)
    assert "The sample is a small number of cases" in text_of(public)
    assert rows_of(public, SAMPLE) == {}
    assert "12 requests, 4 a case on average, to 4 agencies" in text_of(internal)
    assert "12 requests, to 4 agencies" in text_of(public)
