"""Agencies and contacts that were never asked are deleted; other agencies are set aside."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Involvement
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_an_agency_never_asked_is_deleted_with_contacts_and_ticks(
    client: PageClient, make: Maker, session: Session
) -> None:
    agency = make.agency("Hill Surgery")
    make.audit(cases=2, agencies=[agency], issued=False)
    here, number = f"/agencies/{agency.id}/delete", agency.id
    page = client.get(here).text
    assert "1 contact" in page
    assert "2 ticks of a grid" in page
    assert "Type “Hill Surgery” to confirm" in client.post(here, {"name": "Hill"}, status=422).text
    assert "Hill Surgery is deleted." in client.follow(client.post(here, {"name": "hill surgery"})).text
    assert session.get(Agency, number) is None
    assert session.scalars(select(Involvement)).all() == []


def test_an_agency_that_was_asked_stays_on_record_and_can_be_set_aside(
    client: PageClient, make: Maker, session: Session
) -> None:
    agency = make.agency("Hill Surgery")
    make.audit(agencies=[agency])
    here = f"/agencies/{agency.id}"
    assert "so it stays on record" in client.get(f"{here}/delete").text
    client.get(here)
    assert "so it stays on record" in client.post(f"{here}/delete", {"name": "Hill Surgery"}, status=409).text
    client.get(here)
    listed = client.follow(client.post(f"{here}/set-aside")).text
    assert "Agencies set aside (1)" in listed
    assert f'href="{here}"' not in listed
    assert f'href="{here}"' in client.get("/agencies/set-aside").text
    assert "back in the directory" in client.follow(client.post(f"{here}/bring-back")).text
    actions = session.scalars(select(Event.action).where(Event.object == f"agency {agency.id}")).all()
    assert [action for action in actions if "aside" in action or "back" in action] == [
        "set_agency_aside",
        "brought_agency_back",
    ]


def test_the_name_of_an_agency_set_aside_stays_taken(client: PageClient, make: Maker) -> None:
    agency = make.agency("Hill Surgery")
    client.get(f"/agencies/{agency.id}")
    client.post(f"/agencies/{agency.id}/set-aside")
    client.get("/agencies/add")
    again = client.post("/agencies/add", {"name": "Hill Surgery", "kind": "gp"}, status=422).text
    assert "There is an agency called “Hill Surgery” already." in again


def test_a_contact_never_asked_is_deleted_and_one_who_was_asked_stays(
    client: PageClient, make: Maker, session: Session
) -> None:
    agency = make.agency("Hill Surgery")
    make.audit(agencies=[agency])
    deputy = Contact(name="Dan Roe", email="dan@surgery.example", role="deputy")
    agency.contacts.append(deputy)
    session.commit()
    here, number = f"/agencies/{agency.id}/contacts/{deputy.id}/delete", deputy.id
    client.get(here)
    assert "Dan Roe is deleted." in client.follow(client.post(here, {"name": "Dan Roe"})).text
    assert session.get(Contact, number) is None
    asked = agency.contacts[0]
    page = client.get(f"/agencies/{agency.id}/contacts/{asked.id}/delete").text
    assert "Note on the agency’s page that they have left." in page
