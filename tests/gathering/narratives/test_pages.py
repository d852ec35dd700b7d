"""The page on which a longer text is written."""

from surveyapp.gathering.queries import narratives_of
from surveyapp.planning.models import Audit
from tests.page_client import PageClient


def test_staff_write_a_text_and_confirm_identifying_wordings(
    client: PageClient, commented_audit: Audit
) -> None:
    path, case = f"/audits/{commented_audit.id}/narratives/case_example", commented_audit.cases[0].id
    page = client.get(path).text
    assert "told so that nobody can tell who it is" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    sent = {"seen": seen, "case": case, "text": "Mrs Kaur rang.\n\nThen nobody did."}
    page = client.post(path, sent, status=422).text
    assert "“Mrs Kaur”" in page
    assert "looks like a person’s name" in page
    assert "Then nobody did.</textarea>" in page
    client.post(path, {**sent, "keep": "y"})
    page = client.get(path).text
    assert f'<option value="{case}" selected>' in page
    page = client.post(path, {**sent, "text": "Mine."}, status=409).text
    for words in ("Someone else changed this", "Mrs Kaur rang.", "Mine.</textarea>"):
        assert words in page
    client.get(f"/audits/{commented_audit.id}/narratives/poem", status=404)
    client.post(f"/audits/{commented_audit.id}/narratives/poem", sent, status=409)
    client.post(path, {**sent, "text": "x" * 20_001}, status=422)
    client.post(path, {**sent, "text": "Short.", "case": 999, "seen": fresh(client, path)}, status=422)
    client.post(path, {"seen": fresh(client, path), "text": ""})
    assert narratives_of(commented_audit.id) == ()


def fresh(client: PageClient, path: str) -> str:
    return client.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
