"""No file that a role downloads holds what its reader must not see: a contact, or for executives a case."""

import contextvars
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
from flask import Flask

from surveyapp.agencies.models import Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.calling.operations import note_call
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session, transaction
from surveyapp.issuing.links import link_for, token_in
from surveyapp.permissions import roles_for
from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED
from tests.concluding.example_conclusions import acted, found
from tests.conftest import MONDAY_MORNING
from tests.contracts.test_roles import acting_as
from tests.contracts.test_routes import STAFF, path, rules
from tests.page_client import PageClient
from tests.releases import releases
from tests.row_maker import Maker

# The addresses of files; pictures hold no text.
FILE = re.compile(r"\.(?!png|svg)[a-z]+$")
NAME, ADDRESS, TELEPHONE = "Quirindi Zephyrhill", "quirindi@kestrel.example", "01234 998877"
COLLEAGUE, COLLEAGUES_ADDRESS = "Marlow Quennell", "marlow@kestrel.example"
CALLED, PSEUDONYM = "He rang from the allotment", "Quagga 7"


@pytest.fixture
def audit(client: PageClient, make: Maker) -> Audit:
    """An audit with everything that a file could hold, told by names that occur nowhere else."""
    agencies = [make.agency(contact=ADDRESS), make.agency(kind="health"), make.agency(kind="health")]
    audit = make.audit(cases=8, agencies=agencies)
    contact = session.query(Contact).filter_by(email=ADDRESS).one()
    contact.name, contact.telephone = NAME, TELEPHONE
    audit.cases[0].pseudonym = PSEUDONYM
    session.commit()
    requests = make.requests(audit)
    make.returned_all(requests[1:], (GivenAnswer("supervision", option="yes"),))
    asked = next(request for request in requests if request.grant.contact_id == contact.id)
    with transaction():
        note_call(asked.grant, said=CALLED, promised_on=None, press_id="1", actor="Mary", now=MONDAY_MORNING)
        delegate_to_colleague(
            requests[0],
            name=COLLEAGUE,
            email=COLLEAGUES_ADDRESS,
            sends_back=True,
            now=MONDAY_MORNING + timedelta(minutes=1),
        )
    found(audit, "Plans drift.")
    acted(audit, "Ask at every visit.")
    client.post(f"/audits/{audit.id}/brief", {**TYPED, "question": ""})
    releases(client, f"/audits/{audit.id}/report/release")
    releases(client, f"/audits/{audit.id}/brief/release", to=f"/audits/{audit.id}/brief/findings")
    return audit


def downloads(app: Flask, audit_id: int, role: str) -> Iterator[tuple[str, bytes]]:
    """Every file about an audit that a role may download, by its address."""
    with acting_as(app, role) as browser:
        for rule, method in rules(app):
            if (
                method != "GET"
                or not rule.endpoint.startswith(STAFF)
                or role not in roles_for(rule.endpoint)
                or not rule.rule.startswith("/audits/<int:audit_id>/")
                or not FILE.search(rule.rule)
            ):
                continue
            address = path(app, rule, audit_id=audit_id)
            # An open transaction of the test would keep the download from being noted.
            session.rollback()
            answer = contextvars.Context().run(browser.http.get, address)
            if answer.status_code == 200:
                yield address.removeprefix(f"/audits/{audit_id}/"), answer.get_data()
            answer.close()


def words_in(content: bytes) -> str:
    """All words of a file: of what is packed in it, and of a PDF with its properties and bookmarks."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(words_in(packed.read(name)) for name in packed.namelist())
    if content.startswith(b"%PDF"):
        pdf = pypdf.PdfReader(io.BytesIO(content))
        text = " ".join(page.extract_text() for page in pdf.pages)
        return f"{' '.join(text.split())} {pdf.metadata} {pdf.outline}"
    return content.decode("utf-8", errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "audit_lead",
            {
                "collation/export.csv",
                "collation/export.json",
                "collation/export.returns.pdf",
                "collation/export.xlsx",
                "collation/results.zip",
                "report.docx",
                "report.pdf",
                "brief/brief.pptx",
            },
        ),
        ("executive", {"report.pdf", "report/draft.pdf", "report/released.pdf", "brief/released.pptx"}),
        ("administrator", set()),
    ],
)
def test_no_file_of_a_role_names_what_its_reader_must_not_see(
    app: Flask, audit: Audit, role: str, expected: set[str]
) -> None:
    links = {token_in(link_for(request.grant)) for request in Maker(MONDAY_MORNING).requests(audit)}
    hidden = {NAME, ADDRESS, TELEPHONE, COLLEAGUE, COLLEAGUES_ADDRESS, CALLED, *links}
    if role == "executive":
        hidden.add(PSEUDONYM)
    files = dict(downloads(app, audit.id, role))
    assert expected <= set(files), sorted(expected - set(files))
    for address, content in files.items():
        text = words_in(content)
        shown = {words for words in hidden if words in text}
        assert not shown, f"{address} shows {sorted(shown)} to the {role}."


@pytest.mark.slow
def test_the_search_finds_what_a_file_holds(app: Flask, audit: Audit) -> None:
    files = dict(downloads(app, audit.id, "audit_lead"))
    for address in ("export.csv", "export.json", "export.xlsx", "export.returns.pdf", "results.zip"):
        assert PSEUDONYM in words_in(files[f"collation/{address}"]), address
    with zipfile.ZipFile(io.BytesIO(files["collation/results.zip"])) as packed:
        names = set(packed.namelist())
        assert not {"log.csv", "mail.csv"} & names
        assert {"README.txt", "conclusions.json", "report-public.pdf", "brief.pptx", "SHA256SUMS"} <= names
        assert "log.csv" not in packed.read("README.txt").decode()


def test_a_lead_is_offered_the_files_that_open_to_them(app: Flask, audit: Audit) -> None:
    with acting_as(app, "audit_lead") as browser:
        page = browser.get(f"/audits/{audit.id}/collation").text
    assert f'"/audits/{audit.id}/collation/results.zip"' in page
    assert "collation/export.zip" not in page
    assert f"/audits/{audit.id}/collation/export.xlsx" in page
