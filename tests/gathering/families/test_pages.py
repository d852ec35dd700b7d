"""The pages on which staff keep the list of talks with families."""

import pytest

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.gathering.queries import families_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_staff_keep_the_list_of_families(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], (GivenAnswer("family_contact", option="yes"),))
    case, agency = audit.cases[0].id, make.requests(audit)[0].agency_id
    begin = f"/audits/{audit.id}/families"
    page = client.get(begin).text
    assert "An agency can help to reach these" in page
    assert f"/families/add?case={case}&amp;agency={agency}" in page
    page = client.get(f"{begin}/add?case={case}&agency={agency}").text
    assert f'<option value="{agency}" selected>' in page
    assert "No telephone number is kept here." in page
    assert 'name="telephone"' not in page
    sent = {"case": case, "agency": agency, "state": "offered", "telephone": "01632 960101"}
    page = text_of(client.follow(client.post(f"{begin}/add", sent)).text)
    for words in ("1 family was offered a talk by telephone: 1 open.", "Offered", "0 of 4 areas"):
        assert words in page
    assert "An agency can help" not in page
    family = families_of(audit.id)[0]
    assert family.telephone is None
    path = f"{begin}/{family.id}"
    seen = client.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
    held = {**sent, "state": "done", "seen": seen, "ended": "It's clear."}
    page = client.post(path, held, status=422).text
    assert "Say on which day the talk was held" in page
    assert "It&#39;s clear.</textarea>" in page
    held["held_on"] = ["27", "Nov", "2026"]
    assert "Held on Fri 27 Nov" in text_of(client.follow(client.post(path, held)).text)
    page = client.post(path, {**held, "ended": "Mine."}, status=409).text
    for words in ("Someone else changed this", "It&#39;s clear.", "Mine.</textarea>"):
        assert words in page
    client.post(f"{path}/remove")
    assert "No family was offered a talk." in client.get(begin).text


@pytest.mark.usefixtures("numbers_kept")
def test_the_page_asks_for_a_number_where_the_setting_is_on(
    client: PageClient, commented_audit: Audit
) -> None:
    assert 'name="telephone"' in client.get(f"/audits/{commented_audit.id}/families/add").text
