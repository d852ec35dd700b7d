"""What kind of file somebody has sent."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.documents.file_kinds import is_strict_open_xml, kind_of_file


def packed(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (packed(xl__workbook_xml=b""), "an Excel workbook (.xlsx)"),
        (packed(word__document_xml=b""), "a Word document"),
        (packed(word__document2_xml=b""), "a Word document"),
        (
            packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet (.ods)",
        ),
        (packed(Index__Document_iwa=b""), "a file of Apple Numbers or Pages"),
        (packed(readme_txt=b""), "a ZIP archive"),
        (b"PK\x03\x04 cut short", ""),
        (b"\xd0\xcf\x11\xe0rest", "an old .xls or .doc file, or one with a password"),
        (b"%PDF-1.4", "a PDF"),
        (b"\xef\xbb\xbfa;b\n1;2\n", "a CSV file"),
        (b"a\tb\n1\t2\n", "a CSV file"),
        (b"<HTML><body>", "a web page"),
        (b"audit: Plans, January\nform: x, y\n", ""),
        (b"- a, b\n- c, d\n", ""),
        (b"one line, only\n", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert kind_of_file(content, "file") == kind


def test_the_ending_decides_where_the_content_does_not_tell() -> None:
    assert kind_of_file(b"one column\n", "contacts.CSV") == "a CSV file"


def test_strict_open_xml_is_told_by_its_namespace() -> None:
    strict = packed(xl__workbook_xml=b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>')
    assert is_strict_open_xml(strict, "xl/workbook.xml")
    assert not is_strict_open_xml(packed(xl__workbook_xml=b"<workbook/>"), "xl/workbook.xml")
    assert not is_strict_open_xml(strict, "word/document.xml")
    assert not is_strict_open_xml(b"no zip", "xl/workbook.xml")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_none(content: bytes) -> None:
    assert isinstance(kind_of_file(content), str)
