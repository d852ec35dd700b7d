"""Files that are refused as Word templates before they are opened."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from surveyapp.report.word.upload_checks import MOST_MEMBERS, MOST_TEMPLATE_BYTES, check_template
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


def test_an_attached_template_is_refused_but_a_plain_link_is_accepted() -> None:
    def attach(kind: str) -> Callable[[dict[str, bytes]], None]:
        link = (
            f'<Relationship Id="rId99" TargetMode="External" Target="http://x.example/" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
        )

        def change(members: dict[str, bytes]) -> None:
            rels = members["word/_rels/document.xml.rels"]
            members["word/_rels/document.xml.rels"] = rels.replace(
                b"</Relationships>", link.encode() + b"</Relationships>"
            )

        return change

    assert "fetches something from elsewhere" in refusal(changed(attach("attachedTemplate")))
    check_template(changed(attach("hyperlink")))


def test_a_field_that_runs_something_is_refused() -> None:
    def run(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        members["word/document.xml"] = text.replace(
            b" TOC ", b' DDE</w:instrText><w:instrText>AUTO c:\\\\cmd "x" ', 1
        )

    assert "DDEAUTO" in refusal(changed(run))


def test_a_macro_document_renamed_to_docx_is_refused() -> None:
    def macro(members: dict[str, bytes]) -> None:
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    assert "not a plain Word document" in refusal(changed(macro))
