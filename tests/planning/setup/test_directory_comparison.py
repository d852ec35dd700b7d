"""The differences between a set-up file and the directory, and what each choice leads to."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveyapp.agencies.directory_import.directory_comparison import choose_for_all
from surveyapp.agencies.directory_import.directory_differences import AS_IN_DIRECTORY, AS_IN_FILE
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, PlannedAgency
from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.planning.setup.setup_schema import SetUp
from tests.planning.setup.conftest import notices, plan_of, read
from tests.row_maker import Maker

pytestmark = pytest.mark.usefixtures("session")

People = list[dict[str, str]]
ANN = {"name": "Ann Old", "email": "ann.old@police.example", "role": "lead"}
BEA = {"name": "Bea New", "email": "bea.new@police.example", "role": "lead"}


def file_with(*contacts: dict[str, str], name: str = "Northside Police", kind: str = "police") -> SetUp:
    """A set-up of one case, with these contacts at its one agency."""
    agency = {"name": name, "contacts": list(contacts)} | ({"kind": kind} if kind else {})
    content = {
        "audit": "Round two",
        "form": "repeat_child_protection_plans_2014",
        "agencies": [agency],
        "cases": [{"case": "Child 1", "agencies": [name]}],
    }
    return read(yaml.safe_dump(content, allow_unicode=True))


@pytest.fixture
def police(make: Maker, session: Session) -> Agency:
    """Northside Police of the directory, without a contact."""
    agency = make.agency("Northside Police", contact=None)
    session.commit()
    return agency


def add(session: Session, agency: Agency, **contact: str) -> Contact:
    row = Contact(telephone=contact.pop("telephone", ""), **contact)
    agency.contacts.append(row)
    session.commit()
    return row


def asked(agency: PlannedAgency) -> str:
    return agency.to_ask.email if agency.to_ask else ""


def roles(agency: PlannedAgency) -> dict[str, str]:
    return {contact.name: "left" if contact.leaves else contact.role for contact in agency.contacts}


def told(plan: DirectoryPlan) -> list[str]:
    return [
        f"{difference.about}: {difference.in_file} | {difference.in_directory}"
        for difference in plan.to_choose
    ]


def test_a_file_that_agrees_with_the_directory_has_no_differences(session: Session, police: Agency) -> None:
    add(session, police, **ANN, telephone="01632 960001")
    plan = plan_of(file_with({**ANN, "email": "Ann.Old@POLICE.example", "telephone": "01632960001"}))
    assert plan.differences == ()
    assert not plan.agencies[0].contacts[0].is_changed, "Capitals and spaces change nobody."


def test_a_new_lead_takes_the_place_of_the_old_one_unless_the_directory_is_right(
    session: Session, police: Agency
) -> None:
    add(session, police, **ANN)
    said = file_with(BEA)
    plan = plan_of(said)
    assert told(plan) == [
        (
            "Who is asked: Bea New (bea.new@police.example); Ann Old becomes deputy"
            " | Ann Old (ann.old@police.example); Bea New is not added"
        )
    ]
    assert asked(plan.agencies[0]) == "bea.new@police.example"
    assert roles(plan.agencies[0]) == {"Ann Old": "deputy", "Bea New": "lead"}
    kept = plan_of(said, {plan.to_choose[0].key: AS_IN_DIRECTORY})
    assert asked(kept.agencies[0]) == "ann.old@police.example"
    assert roles(kept.agencies[0]) == {"Ann Old": "lead"}


def test_somebody_who_is_not_in_the_file_stays_unless_staff_say_that_they_have_left(
    session: Session, police: Agency
) -> None:
    ann = add(session, police, **ANN)
    said = file_with(BEA)
    plan = plan_of(said)
    assert [difference.about for difference in plan.absences] == [
        "Ann Old, agency audit lead, ann.old@police.example"
    ]
    assert all(choice == AS_IN_DIRECTORY for choice in (plan.choices[gone.key] for gone in plan.absences))
    gone = plan_of(said, {f"contact-{ann.id}-left": AS_IN_FILE})
    assert roles(gone.agencies[0]) == {"Ann Old": "left", "Bea New": "lead"}
    both = {f"contact-{ann.id}-left": AS_IN_FILE, f"agency-{police.id}-asked": AS_IN_DIRECTORY}
    assert asked(plan_of(said, both).agencies[0]) == "", "The preview says so before anything is stored."


def test_an_agency_without_contacts_in_the_file_is_as_in_the_directory(
    session: Session, police: Agency
) -> None:
    add(session, police, **ANN)
    plan = plan_of(file_with())
    assert plan.differences == ()
    assert asked(plan.agencies[0]) == "ann.old@police.example"


def test_changed_names_telephones_roles_and_addresses_are_named_one_by_one(
    session: Session, police: Agency
) -> None:
    ann = add(session, police, **ANN, telephone="01632 960001")
    bea = add(session, police, **{**BEA, "role": "deputy"})
    said = file_with(
        {**ANN, "name": "Ann Older", "telephone": "01632 960099", "role": "deputy"},
        {**BEA, "email": "b.new@police.example"},
    )
    plan = plan_of(said)
    assert told(plan) == [
        "Name of Ann Old: Ann Older | Ann Old",
        "Telephone of Ann Old: 01632 960099 | 01632 960001",
        "Role of Ann Old: Deputy | Agency audit lead",
        "Address of Bea New: b.new@police.example | bea.new@police.example",
        "Role of Bea New: Agency audit lead | Deputy",
    ]
    assert asked(plan.agencies[0]) == "b.new@police.example"
    kept = plan_of(
        said, {f"contact-{ann.id}-role": AS_IN_DIRECTORY, f"contact-{bea.id}-email": AS_IN_DIRECTORY}
    )
    assert roles(kept.agencies[0]) == {"Ann Older": "lead", "Bea New": "lead"}
    assert asked(kept.agencies[0]) == "ann.old@police.example"
    assert (
        "2 leads: only Ann Older (ann.old@police.example) is asked"
        in notices(said, {f"contact-{ann.id}-role": AS_IN_DIRECTORY})[0]
    )


def test_what_the_file_leaves_empty_is_as_in_the_directory(session: Session, police: Agency) -> None:
    add(session, police, **{**ANN, "role": "deputy"}, telephone="01632 960001")
    plan = plan_of(file_with({"name": "Ann Old", "email": ANN["email"]}, kind=""))
    assert plan.differences == ()
    contact = plan.agencies[0].contacts[0]
    assert (contact.role, contact.telephone, plan.agencies[0].kind) == ("deputy", "01632 960001", "police")


def test_two_people_of_one_name_are_not_taken_for_each_other(session: Session, police: Agency) -> None:
    add(session, police, name="Duty desk", email="one@police.example", role="lead")
    add(session, police, name="Duty desk", email="two@police.example", role="deputy")
    plan = plan_of(file_with({"name": "Duty desk", "email": "three@police.example", "role": "deputy"}))
    assert [difference.about for difference in plan.to_choose] == ["Not in the directory yet"]
    assert len(plan.absences) == 2


def test_a_new_escalation_contact_gets_the_copies(session: Session, police: Agency) -> None:
    add(session, police, **ANN)
    add(session, police, name="Chief Old", email="chief@police.example", role="escalation")
    said = file_with(ANN, {"name": "Chief New", "email": "new.chief@police.example", "role": "escalation"})
    plan = plan_of(said)
    assert told(plan) == [
        (
            "Who gets copies on escalation: Chief New (new.chief@police.example); Chief Old becomes colleague"
            " | Chief Old (chief@police.example); Chief New is not added"
        )
    ]
    copied = plan.agencies[0].to_copy
    assert copied is not None
    assert copied.email == "new.chief@police.example"


def test_a_colleague_to_whom_a_case_was_passed_is_no_absence(session: Session, police: Agency) -> None:
    add(session, police, **ANN)
    add(session, police, name="Cal", email="cal@police.example", role="colleague")
    assert plan_of(file_with(ANN)).differences == ()


def test_the_kind_and_the_spelling_of_the_directory_stay_unless_the_file_is_chosen(
    session: Session, police: Agency
) -> None:
    add(session, police, **ANN)
    said = file_with(ANN, name="NORTHSIDE POLICE", kind="youth")
    plan = plan_of(said)
    assert told(plan) == [
        "Spelling of the name: NORTHSIDE POLICE | Northside Police",
        "Kind of agency: Youth justice | Police",
    ]
    assert (plan.agencies[0].name, plan.agencies[0].kind) == ("Northside Police", "police")
    taken = plan_of(said, choose_for_all(plan, AS_IN_FILE))
    assert (taken.agencies[0].name, taken.agencies[0].kind) == ("NORTHSIDE POLICE", "youth")


def test_a_contact_of_another_agency_of_the_directory_is_pointed_out(
    session: Session, police: Agency
) -> None:
    add(session, police, **ANN)
    said = file_with(ANN, name="North Side Police")
    assert notices(said) == [
        "set-up.yaml:2:3: ann.old@police.example is a contact of Northside Police in the directory already"
    ]


_ADDRESSES = ["a@police.example", "b@police.example", "c@police.example"]
_PERSON = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Ann", "Bea", "Cal"]),
        "email": st.sampled_from(_ADDRESSES),
        "role": st.sampled_from(["lead", "deputy", "escalation"]),
    }
)
_PEOPLE = st.lists(_PERSON, max_size=3, unique_by=lambda person: person["email"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(stored=_PEOPLE, written=_PEOPLE)
def test_keeping_the_directory_changes_nobody_and_taking_the_file_asks_whom_it_names(
    session: Session, police: Agency, stored: People, written: People
) -> None:
    session.execute(delete(Contact))
    session.expire_all()
    for person in stored:
        add(session, police, **person)
    said = file_with(*written)
    plan = plan_of(said)
    kept = plan_of(said, choose_for_all(plan, AS_IN_DIRECTORY)).agencies[0]
    assert [(contact.email, contact.role) for contact in kept.contacts] == [
        (person["email"], person["role"]) for person in stored
    ]
    leads = [person["email"] for person in written if person["role"] == "lead"]
    taken = plan_of(said, choose_for_all(plan, AS_IN_FILE)).agencies[0]
    assert not leads or asked(taken) in leads
    assert agencies_by_name().named("northside police") is police
