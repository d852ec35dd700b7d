"""The page on which the grid of another audit is copied."""

import re

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid.agency_operations import choose_agencies
from surveyapp.planning.grid.queries import planned_grid, ticked_cells
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.planning.conftest import ACTING
from tests.row_maker import Maker


def with_chosen_agencies(audit: Audit) -> Audit:
    with transaction():
        choose_agencies(audit, {agency.id for agency in planned_grid(audit).agencies}, seen=(), **ACTING)
    return audit


def test_a_grid_is_copied_as_its_preview_showed_it(client: PageClient, make: Maker) -> None:
    source = with_chosen_agencies(
        make.audit(cases=3, agencies=[make.agency("Police")], issued=False, title="Last time")
    )
    audit = make.audit(cases=2, agencies=[], issued=False)
    path = f"/audits/{audit.id}/grid/copy"
    assert "Last time" in client.get(path).text
    page = client.get(f"{path}?from={source.id}&match=pseudonym").text
    assert "1 more agency, 2 more ticks" in page
    assert "1 case of that audit matches none of this one." in page
    assert not ticked_cells(audit), "a preview stores nothing"
    posted = dict(re.findall('<input type="hidden" name="(from|match|seen)" value="([^"]*)"', page))
    assert "Copied: 1 more agency, 2 more ticks." in client.follow(client.post(path, posted)).text
    assert len(ticked_cells(audit)) == 2
    assert "The grid has all of this already." in client.get(f"{path}?from={source.id}&match=pseudonym").text


def test_a_preview_out_of_date_is_shown_again_instead_of_copied(client: PageClient, make: Maker) -> None:
    source = with_chosen_agencies(make.audit(cases=1, agencies=1, issued=False))
    audit = make.audit(cases=1, agencies=[], issued=False)
    posted = {"from": source.id, "match": "pseudonym", "seen": "0" * 32}
    page = client.post(f"/audits/{audit.id}/grid/copy", posted, status=409).text
    assert "The preview below is new" in page
    assert not ticked_cells(audit)


def test_the_grid_of_an_audit_that_is_not_offered_is_not_copied(client: PageClient, make: Maker) -> None:
    audit, other = (make.audit(cases=1, agencies=count, issued=False) for count in (0, 1))
    client.post(f"/audits/{audit.id}/grid/copy", {"from": "²", "match": "order"})
    client.post(f"/audits/{audit.id}/grid/copy", {"from": other.id, "match": "order"})
    assert not planned_grid(audit).agencies
