"""Files that are refused as Word templates before they are opened."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from surveyapp.report.word.upload_checks import MOST_MEMBERS, MOST_TEMPLATE_BYTES
from tests.report.word.word_templates import changed, refusal

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"%PDF-1.7", b"x" * 100])
def test_a_file_that_is_not_a_word_document_is_refused(content: bytes) -> None:
    assert "not a Word document" in refusal(content)


def test_large_files_many_members_and_zip_bombs_are_refused() -> None:
    assert "larger than 3 MB" in refusal(b"x" * (MOST_TEMPLATE_BYTES + 1))
    many = changed(lambda members: members.update({f"word/{n}.txt": b"" for n in range(MOST_MEMBERS)}))
    assert "files" in refusal(many)
    bomb = changed(lambda members: members.update({"word/media/image1.bmp": b"\0" * 50_000_000}))
    assert len(bomb) < MOST_TEMPLATE_BYTES
    assert "unpacked" in refusal(bomb)
    long = b"<w:p/>" * 200_000

    def swell(members: dict[str, bytes]) -> None:
        members["word/document.xml"] = members["word/document.xml"].replace(b"<w:body>", b"<w:body>" + long)

    assert "word/document.xml in the template is too large" in refusal(changed(swell))


def test_a_zip_bomb_with_a_false_size_is_not_unpacked() -> None:
    bomb = changed(lambda members: members.update({"word/bomb.xml": b"0" * 100_000_000}))
    lying = bytearray(bomb)
    struct.pack_into("<L", lying, bomb.rindex(b"PK\x01\x02") + 24, 100)
    tracemalloc.start()
    message = refusal(bytes(lying))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.startswith("word/bomb.xml in the template is not what the file says of it")
    assert most < 20_000_000


@pytest.mark.parametrize("name", ["word/media/image1.png", "word/styles.xml"])
def test_a_broken_member_is_refused_by_name(name: str) -> None:
    content = changed(lambda members: members.update({name: members.get(name, b"") + b"<!-- -->" * 100}))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        place = packed.getinfo(name).header_offset
    spoilt = bytearray(content)
    spoilt[place + 30 + len(name) + 2] ^= 0xFF
    assert f"{name} in the template is not what the file says of it" in refusal(bytes(spoilt))


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "word/activeX/activeX1.xml",
        "word/embeddings/a.xlsx",
        "word/afchunk.htm",
        "a.exe",
    ],
)
def test_programs_and_embedded_files_are_refused(name: str) -> None:
    message = refusal(changed(lambda members: members.update({name: b"<x/>"})))
    assert name in message


def test_a_file_with_entities_is_refused() -> None:
    def expand(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        members["word/document.xml"] = head + text[text.index(b"?>") + 2 :]

    assert "cannot be read as Word writes it" in refusal(changed(expand))


def test_a_field_that_runs_something_is_refused() -> None:
    def run(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        members["word/document.xml"] = text.replace(
            b" TOC ", b' DDE</w:instrText><w:instrText>AUTO c:\\\\cmd "x" ', 1
        )

    assert "DDEAUTO" in refusal(changed(run))


@pytest.mark.parametrize(
    ("main_type", "message"),
    [
        (
            b"ms-word.document.macroEnabled.main",
            "a document with macros (.docm): in Word, save it as “Word Document",
        ),
        (
            b"openxmlformats-officedocument.wordprocessingml.template.main",
            "(.dotx): in Word, save it as “Word Document",
        ),
        (b"openxmlformats-officedocument.spreadsheetml.sheet.main", "The file is not a Word document"),
    ],
)
def test_a_document_of_another_kind_renamed_to_docx_is_refused(main_type: bytes, message: str) -> None:
    def rename(members: dict[str, bytes]) -> None:
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
            b"openxmlformats-officedocument.wordprocessingml.document.main", main_type
        )

    assert message in refusal(changed(rename))


def test_an_older_or_locked_document_is_refused_with_what_to_do() -> None:
    message = refusal(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500)
    assert "of an older Word (.doc), or it has a password" in message
    assert "save it as “Word Document (.docx)”" in message
