"""Downloads of exports."""

import io
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.event_log import Event
from tests.exports.conftest import EveryKind
from tests.exports.opened_files import csv_rows, json_of, opened, rows
from tests.page_client import MANAGER_NAME, PageClient
from tests.row_maker import Maker

ENDINGS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "returns.pdf": "application/pdf",
    "zip": "application/zip",
}


def downloaded(client: PageClient, path: str) -> TestResponse:
    """The bytes of a complete download."""
    answer = client.get(path)
    answer.get_data()
    answer.close()
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_download_has_a_safe_name_and_is_not_cached(
    client: PageClient, make: Maker, session: Session, ending: str
) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1, title='Zoë "2026"/../x')
    answer = downloaded(client, f"/audits/{audit.id}/collation/export.{ending}")
    assert answer.mimetype == ENDINGS[ending]
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=UTF-8''{quote(f'audit-{audit.id}-Zoë-2026-x-2026-11-30.{ending}')}" in disposition
    assert "/.." not in disposition
    assert "no-store" in answer.headers["Cache-Control"]
    event = session.scalars(select(Event).where(Event.action == "exported_audit")).one()
    assert event.actor == MANAGER_NAME


def test_a_download_keeps_the_filters_and_the_rule_of_the_page(
    client: PageClient, every_kind: EveryKind, make: Maker
) -> None:
    audit = every_kind(cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("seen", option="na"),))
    address = f"/audits/{audit.id}/collation/export"
    document = json_of(downloaded(client, f"{address}.json?kinds=police&na=0").data)
    assert (document["filters"], document["not_applicable_counted"]) == ({"kinds": ["police"]}, False)
    assert {exported_return["agency_kind"] for exported_return in document["each_return"]} == {"police"}
    assert {
        row["agency_kind"] for row in csv_rows(downloaded(client, f"{address}.csv?kinds=school").data)
    } == {"school"}
    assert len(rows(opened(downloaded(client, f"{address}.xlsx?kinds=school").data), "Returns")) == 2


@pytest.mark.slow
def test_invalid_filters_do_not_fail(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    for odd in ("cases=999999999", "genders=%00", "kinds=x&ages=y&agencies=z", "genders=%3D1"):
        for ending in ENDINGS:
            downloaded(client, f"/audits/{audit.id}/collation/export.{ending}?{odd}")


def test_strangers_get_no_export_and_an_unknown_audit_is_not_found(
    client: PageClient, stranger: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1)
    for ending in ENDINGS:
        client.get(f"/audits/9/collation/export.{ending}", status=404)
        assert stranger.http.get(f"/audits/{audit.id}/collation/export.{ending}").status_code in {302, 401}


def test_the_collation_page_links_to_files_with_its_filters(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    page = client.get(f"/audits/{audit.id}/collation?kinds=police&dk=0").text
    for ending in set(ENDINGS) - {"zip"}:
        assert f"/audits/{audit.id}/collation/export.{ending}?kinds=police&amp;dk=0" in page
    assert f'"/audits/{audit.id}/collation/export.zip"' in page, "an archive is of the whole audit"


@pytest.mark.slow
def test_an_archive_ignores_the_filters_of_its_url(
    client: PageClient, every_kind: EveryKind, make: Maker
) -> None:
    audit = every_kind(cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("seen", option="na"),))
    answer = downloaded(client, f"/audits/{audit.id}/collation/export.zip?kinds=police&na=0")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        document = json_of(packed.read("audit.json"))
    assert (document["filters"], document["not_applicable_counted"]) == ({}, True)
    assert len(document["each_return"]) == 4
