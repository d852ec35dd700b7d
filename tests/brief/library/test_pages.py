"""The pages of the library: clear names, safe addresses, changes and removal."""

import io

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.brief.models import LibraryResource
from surveyapp.planning.models import Audit
from tests.page_client import PageClient, seen_digest
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit with a return on each of its children."""
    return make.audit(cases=2, agencies=1, returned=2)


def text_of(client: PageClient, audit: Audit) -> str:
    """The text of the audit's brief as a PDF."""
    content = client.get(f"/audits/{audit.id}/brief/brief.pdf").data
    return " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def test_the_library_is_added_to_changed_and_cleared(
    client: PageClient, audit: Audit, session: Session
) -> None:
    toolkit = {
        "name": "Neglect toolkit",
        "what": "how it's named",
        "address": "https://tools.example/a?b=1&c=2",
    }
    assert "There is nothing here yet." in client.get("/resources").text
    page = client.follow(client.post("/resources", toolkit)).text
    assert "“Neglect toolkit” is in the library." in page
    assert "In no brief yet" in page
    assert (
        "The library has “neglect TOOLKIT” already"
        in client.post("/resources", {**toolkit, "name": "neglect TOOLKIT"}, status=409).text
    )
    found = session.scalars(select(LibraryResource)).one()
    client.post(f"/audits/{audit.id}/brief", {"seen": "0", "resources": [str(found.id)]})
    assert "In 1 brief" in client.get("/resources").text
    one = f"/resources/{found.id}"
    assert "how it&#39;s named" in client.get(one).text
    client.post(one, {**toolkit, "name": "Neglect tools"})
    assert "Neglect tools: how it's named" in text_of(client, audit)
    client.post("/resources", toolkit)
    client.post(one, toolkit, status=409)
    client.post(f"{one}/remove")
    client.get(one, status=404)
    assert "Neglect tools" not in text_of(client, audit)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "Click here", "tells nobody where it leads"),
        ("name", "Read more", "tells nobody where it leads"),
        ("name", "", "Enter what it is called"),
        ("what", "", "Say what it is"),
        ("address", "javascript:alert(1)", "Enter an address of the web"),
        ("address", "https://", "Enter an address of the web"),
        ("address", "http://[::1", "Enter an address of the web"),
        ("address", "https://ann:secret@tools.example/", "Leave out the name and password"),
        ("address", "https://ann@tools.example/", "Leave out the name and password"),
        ("address", 'https://tools.example/"x', "Leave out quote marks"),
        ("address", "https://tools.example/%E2%80%AEfdp.exe", "Leave out what nobody sees"),
        ("address", "https://tools.example/%E2%80%8Bx", "Leave out what nobody sees"),
        ("address", "https://a.example/" + "x" * 600, "use 500 characters or fewer"),
    ],
)
def test_a_resource_needs_a_clear_name_a_description_and_a_safe_address(
    client: PageClient, field: str, typed: str, says: str
) -> None:
    fine = {"name": "Neglect toolkit", "what": "how to name it", "address": "https://tools.example/"}
    assert says in client.post("/resources", {**fine, field: typed}, status=422).text


def test_a_change_over_a_newer_one_is_refused_and_both_are_shown(
    client: PageClient, session: Session
) -> None:
    fine = {"name": "Neglect toolkit", "what": "how to name it", "address": "https://tools.example/"}
    client.post("/resources", fine)
    one = f"/resources/{session.scalars(select(LibraryResource.id)).one()}"
    seen = seen_digest(client.get(one).text)
    client.post(one, {**fine, "address": "https://tools.example/new", "seen": seen})
    later = {**fine, "what": "when it helps"}
    page = client.post(one, {**later, "seen": seen}, status=409).text
    assert "https://tools.example/new</dd>" in page
    assert 'value="when it helps"' in page
    session.rollback()
    assert session.scalars(select(LibraryResource.what)).one() == "how to name it"
    client.post(one, {**later, "seen": seen_digest(page)})
    session.rollback()
    assert session.scalars(select(LibraryResource.what)).one() == "when it helps"


def test_a_chosen_resource_that_was_removed_meanwhile_is_reported(
    client: PageClient, audit: Audit, session: Session
) -> None:
    for name in ("Neglect toolkit", "Guidance"):
        client.post("/resources", {"name": name, "what": "to read", "address": "https://tools.example/"})
    first, second = session.scalars(select(LibraryResource.id).order_by(LibraryResource.id))
    client.post(f"/resources/{first}/remove")
    path = f"/audits/{audit.id}/brief"
    page = client.follow(client.post(path, {"seen": "0", "resources": [str(first), str(second)]})).text
    assert "The brief is saved." in page
    assert "1 resource you chose is no longer in the library: the brief does not show what is gone." in page
    page = client.follow(client.post(path, {"seen": "1", "resources": [str(second)]})).text
    assert "no longer in the library" not in page
