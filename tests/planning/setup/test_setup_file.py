"""Set-up files: read alike from text and workbook, or refused with all their mistakes and places."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.agencies.queries import agencies_by_name, all_agencies
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.operations import set_up_audit
from surveyapp.planning.queries import planned_grid, readiness
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from surveyapp.planning.setup.setup_schema import SetUp
from tests.planning.conftest import Sheets
from tests.row_maker import Maker

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
Write = Callable[[Sheets], bytes]

pytestmark = pytest.mark.usefixtures("session")


def read(text: str) -> SetUp:
    return read_set_up(text.encode(), "set-up.yaml")


def mistakes(text: str) -> list[str]:
    with pytest.raises(SetUpMistakes) as refusal:
        read(text)
    return [str(each) for each in refusal.value.mistakes]


def test_text_and_workbook_of_one_content_are_one_set_up(
    example: str, sheets: Sheets, workbook: Write
) -> None:
    said = read(example)
    assert read_set_up(workbook(sheets), "set-up.xlsx") == said
    assert said.size == "2 cases, 2 agencies, 3 requests"
    assert said.notices == ()


def test_a_set_up_becomes_an_audit_ready_to_issue(example: str) -> None:
    with transaction():
        audit = set_up_audit(read(example), actor="staff", now=NOW)
    assert str(planned_grid(audit)) == "2 cases, 2 agencies, 3 requests"
    assert readiness(audit).problems == ()
    assert (audit.due_on, audit.chasers, audit.escalate_from) == (date(2026, 12, 18), [-5, 0, 3, 7], 3)
    assert [(case.pseudonym, case.age_months, case.unborn) for case in audit.cases] == [
        ("Child 1", 36, False),
        ("Child 2", None, True),
    ]
    assert audit.cases[0].needs == ["domestic abuse", "parental substance misuse"]
    assert agencies_by_name()["northside police"].answering_contact is not None


def test_an_agency_of_the_directory_is_reused_and_given_its_new_contacts(example: str, make: Maker) -> None:
    there = make.agency("northside police", contact="Audit@Police.example")
    more = example.replace(
        "email: audit@police.example, role: lead}",
        "email: audit@police.example, role: lead}\n"
        "      - {name: Deputy, email: deputy@police.example, role: deputy}",
    )
    with transaction():
        set_up_audit(read(more), actor="staff", now=NOW)
    assert len(all_agencies()) == 2
    assert [contact.email for contact in there.contacts] == ["Audit@Police.example", "deputy@police.example"]


def test_another_kind_than_the_directory_has_is_a_mistake(example: str, make: Maker) -> None:
    make.agency("Northside Police", kind="youth")
    assert mistakes(example) == [
        "set-up.yaml:17:11: “Northside Police” is in the directory as Youth justice, not Police"
    ]


def test_a_contact_who_has_left_is_not_brought_back_by_a_file(
    example: str, make: Maker, session: Session
) -> None:
    there = make.agency("Northside Police", contact="audit@police.example")
    there.contacts[0].left_at = NOW
    session.commit()
    assert "has left: take them out, or bring them back under Agencies" in mistakes(example)[0]


def test_what_may_tell_who_the_child_is_is_pointed_out_wherever_it_stands(example: str) -> None:
    spoilt = example.replace("sibling_group: A", "sibling_group: 12/03/2019")
    said = read(spoilt.replace("domestic abuse", "943 476 5919"))
    assert [words.partition(": ")[2] for words in said.notices] == [
        "“12/03/2019”, said of Child 1, looks like a date of birth: leave it out",
        "“943 476 5919”, said of Child 1, looks like an NHS number: leave it out",
    ]


def test_dates_on_which_nobody_works_are_pointed_out(example: str) -> None:
    spoilt = example.replace("due_on: 2026-12-18", "due_on: 2026-12-19").replace("2027-01-15", "2027-01-01")
    assert [words.partition(": ")[2] for words in read(spoilt).notices] == [
        "Returns are asked for by Saturday 19 December 2026, which is not a working day",
        "Returns close on Friday 1 January 2027, which is not a working day",
    ]


def test_what_may_be_a_slip_is_taken_and_pointed_out(example: str) -> None:
    slips = example.replace("gender: female", "gender: fmale").replace("audit@police", "LEAD@care")
    slips = slips.replace("head@care.example, role: escalation", "head@care.example, role: lead")
    assert [
        words.partition(": ")[2] for words in read(slips.replace("police.example", "care.example")).notices
    ] == [
        "Northside Social Care has 2 leads: only one of them is asked",
        "LEAD@care.example is a contact of Northside Social Care and of Northside Police",
        "the gender “fmale” is none of the usual words female, male, non-binary, not known",
    ]


def test_ten_mistakes_are_told_at_once_in_the_files_order(example: str) -> None:
    spoilt = (
        example.replace("form: repeat_child_protection_plans_2014", "form: gone")
        .replace("due_on: 2026-12-18", "due_on: 2026-11-18")
        .replace("close_on: 2027-01-15", "close_on: soon")
        .replace("[-5, 0, 3, 7]", "[-5, 0, three]")
        .replace("kind: social_care", "kind: circus")
        .replace("lead@care.example", "lead at care")
        .replace("age: 3 years", "age: 3")
        .replace("agencies: [Northside Social Care, Northside Police]", "agencies: [Southside Police]")
        .replace("case: Child 2", "case: child 1")
        + "ask_for_code: perhaps\nwhatever: x\n"
    )
    found = mistakes(spoilt)
    lines = [int(each.split(":")[1]) for each in found]
    assert lines == sorted(lines)
    for place, words in (
        (":2:", "there is no form “gone”; the forms are"),
        (":6:", "Returns cannot be due before Tuesday 1 December 2026"),
        (":7:", "“soon” is not a day: write a day like 2026-12-01"),
        (":8:", 'expected a whole number, found "three"'),
        (":12:", "“circus” is no kind of agency; there are Children’s social care, Health"),
        (":14:", "“lead at care” is not an email address"),
        (":22:", "“3” has no unit: write 3 years or 3 months"),
        (":28:", "there is no agency “Southside Police”; the agencies are “Northside Social Care”"),
        (":29:", "“child 1” is there twice, first in line 21"),
        (":32:", 'expected true or false, found "perhaps"'),
        (":33:", '"whatever" is not known here'),
    ):
        assert any(place in each and words in each for each in found), (place, words, found)
    assert len(found) == 11


def test_a_title_that_is_taken_is_a_mistake(example: str, make: Maker) -> None:
    make.audit(title="Repeat Child Protection Plans, January 2027")
    assert "give this one another title" in mistakes(example)[0]


def test_a_contact_repeated_exactly_is_taken_once_with_a_notice(example: str) -> None:
    again = '{name: Audit lead, email: " Audit@police.example\\u200b", role: lead}'
    said = read(example.replace("\ncases:", f"\n      - {again}\ncases:"))
    assert [contact.email for contact in said.agencies[1].contacts] == ["audit@police.example"]
    assert list(said.notices) == ["set-up.yaml:20:9: Audit@police.example is repeated: taken once"]


def test_a_contact_twice_with_another_role_is_a_mistake(example: str) -> None:
    again = "{name: Audit lead, email: audit@police.example, role: deputy}"
    found = mistakes(example.replace("\ncases:", f"\n      - {again}\ncases:"))
    other = "with another name, telephone or role"
    assert found == [f"set-up.yaml:20:9: audit@police.example is there already, in line 19, {other}"]


def test_what_issue_will_point_out_is_a_notice(example: str) -> None:
    said = read(
        example.replace("    agencies: [Northside Social Care]\n", "")
        .replace("audit@police.example, role: lead", "audit@police.example, role: escalation")
        .replace("case: Child 1", "case: Child 943 476 5919")
    )
    assert [each.split(": ", 1)[1] for each in said.notices] == [
        "Northside Police has nobody to ask: give it a lead or a deputy",
        "“Child 943 476 5919” looks like an NHS number: use a pseudonym",
        "no agency is asked about Child 2",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping"),
        ("audit: A\nform: repeat_child_protection_plans_2014\n", '"agencies" is missing'),
        ("audit: A\naudit: B\n", '"audit" is given twice, first in line 1'),
        ("audit: &a x\nform: *a\n", "an alias (& or *) cannot be used"),
        ("agencies: []\n", "nothing stands here"),
        ("chasers: 3\n", 'expected a list, found "3"'),
    ],
)
def test_a_text_that_is_no_set_up_says_where(text: str, said: str) -> None:
    assert any(said in each for each in mistakes(text)), mistakes(text)


def test_nothing_of_a_set_up_is_stored_when_a_part_is_refused(
    example: str, make: Maker, session: Session
) -> None:
    said = read(example)
    make.audit(title="Repeat Child Protection Plans, January 2027", agencies=0, cases=0, issued=False)
    with pytest.raises(Exception, match="already"), transaction():
        set_up_audit(said, actor="staff", now=NOW)
    session.expire_all()
    assert all_agencies() == []


_SHAPES = st.recursive(
    st.sampled_from(["", "x", "3 years", "2026-12-01", "-5", "true", "Child 1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "audit",
                    "form",
                    "agencies",
                    "cases",
                    "contacts",
                    "name",
                    "email",
                    "case",
                    "chasers",
                    "due_on",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(_SHAPES)
def test_a_file_of_any_shape_is_refused_in_sentences(said: object) -> None:
    assert mistakes(yaml.safe_dump(said, allow_unicode=True, default_flow_style=True))
