"""Damaged files in every field that takes one: a page answers each, and what is refused stores nothing.

Hypothesis draws the damage: bytes lost, repeated or changed, in the file or in a member of its archive, and
values of XML replaced by what no program writes.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from surveyapp.foundation.store.db import Base
from surveyapp.report.word.default_template import default_template
from tests.collating.comparison.test_benchmark_pages import FORM as BENCHMARK
from tests.collating.example_answers import text_of
from tests.defining.forms_at_hand import OURS
from tests.journeys.office_files import TAKERS, as_csv, as_open_document, as_workbook
from tests.page_client import PageClient
from tests.page_contract import check_page
from tests.planning.setup.conftest import EXAMPLE
from tests.row_maker import Maker

pytestmark = pytest.mark.slow
SURVEYAPP = Path(__file__).parents[2] / "surveyapp"
# What no spreadsheet or word processor writes where a number, a name or a text belongs.
ODD = ["", "-1", "0", "99999999999999999999", "NaN", "1e309", "true", "A0", "XFE1", "../x", "&#0;", "é" * 300]


class Upload(NamedTuple):
    """A page that takes a file: its address, a file that it takes, and the other fields of its form."""

    address: str
    content: bytes
    name: str
    fields: dict[str, str]


UPLOADS: dict[str, Callable[[PageClient, Maker], Upload]] = {}


def _add_tables() -> None:
    """The pages that take a table, with each kind of file."""
    writers = {"csv": lambda rows: as_csv(rows, ",").encode(), "xlsx": as_workbook, "ods": as_open_document}

    def table(taker: str, kind: str) -> Callable[[PageClient, Maker], Upload]:
        def made(_client: PageClient, make: Maker) -> Upload:
            page = TAKERS[taker](make)
            return Upload(page.address, writers[kind](page.rows), f"list.{kind}", {})

        return made

    for taker in TAKERS:
        for kind in writers:
            UPLOADS[f"{taker}-{kind}"] = table(taker, kind)


_add_tables()


def upload(make_upload: Callable[[PageClient, Maker], Upload]) -> Callable[[PageClient, Maker], Upload]:
    """Have a page tried."""
    UPLOADS[make_upload.__name__] = make_upload
    return make_upload


@upload
def set_up_yaml(_client: PageClient, _make: Maker) -> Upload:
    """A whole audit as text."""
    return Upload("/audits/from-file", EXAMPLE.encode(), "set-up.yaml", {})


@upload
def set_up_workbook(client: PageClient, _make: Maker) -> Upload:
    """A whole audit as a workbook."""
    return Upload("/audits/from-file", client.get("/audits/from-file/blank").data, "set-up.xlsx", {})


@upload
def form_yaml(_client: PageClient, _make: Maker) -> Upload:
    """A form as text."""
    return Upload("/forms/upload", (OURS / "neglect_2024.yaml").read_bytes(), "form.yaml", {})


@upload
def form_workbook(client: PageClient, _make: Maker) -> Upload:
    """A form as our workbook."""
    return Upload("/forms/upload", client.get("/forms/neglect_2024/form.xlsx").data, "form.xlsx", {})


@upload
def xlsform(client: PageClient, _make: Maker) -> Upload:
    """A form as an XLSForm."""
    return Upload("/forms/upload", client.get("/forms/neglect_2024/xlsform.xlsx").data, "xlsform.xlsx", {})


@upload
def word_template(_client: PageClient, make: Maker) -> Upload:
    """A Word file that restyles the report."""
    audit = make.audit(cases=1, agencies=1)
    return Upload(f"/audits/{audit.id}/report/template", default_template(), "Ours.docx", {})


@upload
def benchmark(_client: PageClient, make: Maker) -> Upload:
    """Figures of other places."""
    audit = make.audit(cases=1, agencies=1)
    content = b'Authority,Per cent\r\n"Bristol, City of",12.3\r\nSolihull,9.6\r\n'
    return Upload(f"/audits/{audit.id}/collation/benchmark/change", content, "places.csv", BENCHMARK)


def test_every_field_that_takes_a_file_is_tried() -> None:
    """A new one fails here until it stands above."""
    fields = [
        str(path.relative_to(SURVEYAPP))
        for path in sorted(SURVEYAPP.rglob("*.py"))
        if re.search(r"= FileField\(", path.read_text(encoding="utf-8"))
    ]
    assert fields == [
        "collating/comparison/forms.py",
        "defining/exchange/forms.py",
        "foundation/tables/posted_table.py",
        "planning/setup/forms.py",
        "report/forms.py",
        "sampling/forms.py",
    ]


class DamagedFile(bytes):
    """A file that a failing test need not print as a whole."""

    def __repr__(self) -> str:
        return f"<a damaged file of {len(self)} bytes>"


def damaged_bytes(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with one to four places lost, repeated or changed."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        end = place + draw(st.sampled_from([1, 2, 8, 100, 10_000]))
        change = draw(st.sampled_from(["lose", "repeat", "change", "end"]))
        if change == "lose":
            del content[place:end]
        elif change == "repeat":
            content[place:place] = content[place:end]
        elif change == "change":
            content[place : place + 3] = draw(st.binary(min_size=1, max_size=6))
        else:
            del content[place:]
    return bytes(content)


def odd_values(draw: st.DrawFn, whole: bytes) -> bytes:
    """XML or text with one to four of its values replaced by one that no program writes."""
    values = list(re.finditer(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)|(?<=: )[^\n]+', whole))
    for _ in range(draw(st.integers(1, 4)) if values else 0):
        value = draw(st.sampled_from(values))
        whole = whole[: value.start()] + draw(st.sampled_from(ODD)).encode() + whole[value.end() :]
    return whole


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> DamagedFile:
    """The file, damaged as a whole or within."""
    damage = draw(st.sampled_from([damaged_bytes, odd_values]))
    if not zipfile.is_zipfile(io.BytesIO(whole)) or (damage is damaged_bytes and draw(st.booleans())):
        return DamagedFile(damage(draw, whole))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(members)))
    members[name] = damage(draw, members[name])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return DamagedFile(content.getvalue())


def stored(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name.startswith("survey_")
    }


@pytest.mark.parametrize("name", UPLOADS)
def test_a_damaged_file_is_answered_by_a_page_and_what_is_refused_stores_nothing(
    client: PageClient, make: Maker, session: Session, name: str
) -> None:
    page = UPLOADS[name](client, make)
    session.rollback()
    client.get(page.address)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(damaged(page.content))
    def answered(content: bytes) -> None:
        before = stored(session)
        file = FileStorage(io.BytesIO(content), page.name)
        boundary, body = encode_multipart({"csrf_token": client.token, **page.fields, "file": file})
        kind = f"multipart/form-data; boundary={boundary}"
        answer = client.http.post(page.address, data=body, content_type=kind)
        assert answer.status_code in {200, 303, 413, 422}, f"{answer.status}: {text_of(answer.text)}"
        if answer.status_code != 303:
            assert check_page(answer.text, path=page.address) == []
        if answer.status_code in {413, 422}:
            assert "<title>Error: " in answer.text
            assert stored(session) == before

    answered()
