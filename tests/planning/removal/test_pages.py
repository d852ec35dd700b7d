"""The pages that delete an audit or set it aside."""

from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_deleting_lists_what_goes_and_wants_the_title(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False, title="Neglect 2026")
    here, number = f"/audits/{audit.id}/delete", audit.id
    assert here in client.get(f"/audits/{audit.id}/set-up").text
    page = client.get(here).text
    for words in ("2 cases", "2 ticks of the grid", "Nobody can bring it back."):
        assert words in page
    again = client.post(here, {"title": "Neglect"}, status=422).text
    assert "Type “Neglect 2026” to delete this audit" in again
    assert 'value="Neglect"' in again
    assert "“Neglect 2026” is deleted." in client.follow(client.post(here, {"title": "Neglect 2026"})).text
    assert session.get(Audit, number) is None


def test_an_issued_audit_offers_no_deletion(client: PageClient, make: Maker) -> None:
    audit = make.audit(title="Neglect 2026")
    here = f"/audits/{audit.id}/delete"
    assert "cannot be deleted" in client.get(here).text
    client.get(here)
    assert "cannot be deleted" in client.post(here, {"title": "Neglect 2026"}, status=409).text
    assert f"/audits/{audit.id}/set-aside" not in client.get(f"/audits/{audit.id}/set-up").text


def test_an_audit_set_aside_is_off_the_list_and_can_be_brought_back(client: PageClient, make: Maker) -> None:
    audit = make.audit(issued=False, title="Neglect 2026")
    assert "Audits set aside" not in client.get("/audits").text
    client.get(f"/audits/{audit.id}/set-up")
    aside = client.follow(client.post(f"/audits/{audit.id}/set-aside")).text
    assert "“Neglect 2026” is set aside. Nothing of it is deleted." in aside
    listed = client.get("/audits").text
    assert f'/audits/{audit.id}/set-up"' not in listed
    assert "Audits set aside (1)" in listed
    client.get("/audits/set-aside")
    back = client.follow(client.post(f"/audits/{audit.id}/bring-back")).text
    assert f'/audits/{audit.id}/set-up"' in back
