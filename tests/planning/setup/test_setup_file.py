"""Reading a set-up file: mistakes with their places."""

from collections.abc import Callable
from datetime import date

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from tests.conftest import MONDAY_MORNING
from tests.planning.setup.conftest import Sheets, notices, read
from tests.row_maker import Maker

Write = Callable[[Sheets], bytes]


pytestmark = pytest.mark.usefixtures("session")


def mistakes(text: str) -> list[str]:
    with pytest.raises(SetUpMistakes) as refusal:
        read(text)
    return [str(mistake) for mistake in refusal.value.mistakes]


def test_a_text_and_a_workbook_of_the_same_content_give_the_same_set_up(
    example: str, sheets: Sheets, workbook: Write
) -> None:
    said = read(example)
    assert read_set_up(workbook(sheets), "set-up.xlsx").model_dump() == said.model_dump()
    assert said.size == "2 cases, 2 agencies, 3 requests"
    assert notices(said) == []


def test_the_kind_of_an_agency_may_be_left_out_once_the_directory_has_it(example: str, make: Maker) -> None:
    without = example.replace("    kind: police\n", "")
    assert mistakes(without) == [
        (
            "set-up.yaml:16:5: “Northside Police” is not in the directory yet: "
            "say what kind of agency it is, under “kind”"
        )
    ]
    make.agency("Northside Police")
    assert read(without).agencies[1].kind == ""


def test_a_contact_who_has_left_is_not_brought_back_by_a_file(
    example: str, make: Maker, session: Session
) -> None:
    there = make.agency("Northside Police", contact="audit@police.example")
    there.contacts[0].left_at = MONDAY_MORNING
    session.commit()
    assert "has left: take them out, or bring them back under Agencies" in mistakes(example)[0]


def test_an_agency_that_is_set_aside_is_not_brought_back_by_a_file(
    example: str, make: Maker, session: Session
) -> None:
    make.agency("Northside Police").set_aside_at = MONDAY_MORNING
    session.commit()
    assert "“Northside Police” is set aside: bring it back under Agencies first" in mistakes(example)[0]


def test_ten_mistakes_are_told_at_once_in_the_files_order(example: str) -> None:
    spoilt = (
        example.replace("form: repeat_child_protection_plans_2014", "form: gone")
        .replace("due_on: 2026-12-18", "due_on: 2026-11-18")
        .replace("close_on: 2027-01-15", "close_on: soon")
        .replace("[-5, 0, 3, 7]", "[-5, 0, three]")
        .replace("kind: social_care", "kind: circus")
        .replace("lead@care.example", "lead at care")
        .replace("age: 3 years", "age: old")
        .replace("agencies: [Northside Social Care, Northside Police]", "agencies: [Southside Police]")
        .replace("case: Child 2", "case: child 1")
        + "ask_for_code: perhaps\nwhatever: x\n"
    )
    found = mistakes(spoilt)
    lines = [int(mistake.split(":")[1]) for mistake in found]
    assert lines == sorted(lines)
    for place, words in (
        (":2:", "there is no form “gone”; the forms are"),
        (":6:", "Returns cannot be due before Tuesday 1 December 2026"),
        (":7:", "“soon” is not a day: write a day like 2026-12-01 or 1 December 2026"),
        (":8:", 'expected a whole number, found "three"'),
        (":12:", "“circus” is no kind of agency; there are Children’s social care, Health"),
        (":14:", "“lead at care” is not an email address"),
        (":22:", "“old” is not an age: write it like"),
        (":28:", "there is no agency “Southside Police”; the agencies are “Northside Social Care”"),
        (":29:", "“child 1” is there twice, first in line 21"),
        (":32:", 'expected true or false, found "perhaps"'),
        (":33:", '"whatever" is not known here'),
    ):
        assert any(place in mistake and words in mistake for mistake in found), (place, words, found)
    assert len(found) == 11


@pytest.mark.parametrize("written", ["1 December 2026", "1 Dec 2026", "1/12/2026", "Tuesday 1 December 2026"])
def test_a_day_may_be_written_as_people_write_it(example: str, written: str) -> None:
    said = read_set_up(example.replace("2026-12-01", written).encode(), "set-up.yaml")
    assert said.issue_on == date(2026, 12, 1)


def test_a_year_that_is_not_in_full_is_a_mistake(example: str) -> None:
    found = mistakes(example.replace("issue_on: 2026-12-01", "issue_on: 1/12/26"))
    assert found == ["set-up.yaml:5:11: “1/12/26”: enter the year in four figures, like 2026"]


def test_a_taken_title_is_a_mistake(example: str, make: Maker) -> None:
    make.audit(title="Repeat Child Protection Plans, January 2027")
    assert "give this one another title" in mistakes(example)[0]


@pytest.mark.parametrize(
    ("address", "mistake"),
    [
        ("lead.d’arcy@care.example", "has a curly apostrophe: write lead.d'arcy@care.example"),
        ("mailto:lead@care.example", "begins with “mailto:”: write lead@care.example"),
        ("lead@café.example", "has “é” in it, which mail servers do not take: check it"),
        ("le..ad@care.example", "has two dots side by side: check it"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_a_mistake_in_its_row_or_line(
    example: str, sheets: Sheets, workbook: Write, address: str, mistake: str
) -> None:
    in_line = mistakes(
        example.replace("lead@care.example", f"'{address}'" if "'" not in address else address)
    )
    assert [f"“{address}” {mistake}" in sentence for sentence in in_line] == [True]
    sheets["Contacts"][1][2] = address
    with pytest.raises(SetUpMistakes) as refusal:
        read_set_up(workbook(sheets), "set-up.xlsx")
    assert refusal.value.listed == [f"Contacts row 2: “{address}” {mistake}"]


def test_a_contact_twice_with_another_role_is_a_mistake(example: str) -> None:
    again = "{name: Audit lead, email: audit@police.example, role: deputy}"
    found = mistakes(example.replace("\ncases:", f"\n      - {again}\ncases:"))
    other = "with another name, telephone or role"
    assert found == [f"set-up.yaml:20:9: audit@police.example is there already, in line 19, {other}"]


def test_many_unknown_agencies_are_refused_without_naming_all_agencies_each_time(example: str) -> None:
    agencies = "".join(f"  - {{name: Agency {number}, kind: health}}\n" for number in range(1000))
    unknown = ", ".join(f"Nobody {number}" for number in range(1000))
    found = mistakes(
        f"{example.partition('agencies:')[0]}agencies:\n{agencies}cases: [{{case: C, agencies: [{unknown}]}}]"
    )
    assert len(found) == 1000
    assert found[0].endswith("“Agency 28”, “Agency 29”, and 970 more")
    assert sum(map(len, found)) < 1_000_000


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
def test_a_text_that_is_no_set_up_is_refused_with_the_place(text: str, said: str) -> None:
    assert any(said in mistake for mistake in mistakes(text)), mistakes(text)


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


def test_a_contacts_name_that_holds_a_link_is_a_mistake_with_its_place(example: str) -> None:
    found = mistakes(example.replace("name: Head of service", 'name: "Click http://evil.example/win now"'))
    assert len(found) == 1
    assert "Leave “://” out of the name: the name goes into emails, which would make a link of it" in found[0]
