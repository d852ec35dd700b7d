"""What Word adds to a file by itself is left out of a template, and does not stand in anybody's way."""

import re

import pytest

from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.upload_checks import check_template
from tests.report.report_readers import text_of_word
from tests.report.word.word_templates import RELATIONSHIPS, changed, in_body, members_of, refusal, related

pytestmark = pytest.mark.slow

MICROSOFT = "http://schemas.microsoft.com/office"
DOCUMENT, SETTINGS = "word/document.xml", "word/settings.xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def with_part(kind: str, name: str, *, of: str = DOCUMENT, external: bool = False) -> bytes:
    """The default template with one more part, to which a relationship leads from `of`, or the root."""
    address = name if external else f"/{name}"
    mode = ' TargetMode="External"' if external else ""
    link = f'<Relationship Id="rId99" Type="{kind}" Target="{address}"{mode}/></Relationships>'
    folder, _, source = of.rpartition("/")
    rels = f"{folder}/_rels/{source}.rels".removeprefix("/")
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def add(members: dict[str, bytes]) -> None:
        members[rels] = members.get(rels, empty).replace(b"</Relationships>", link.encode())
        if not external:
            members[name] = b"<x/>"
            override = f'<Override PartName="/{name}" ContentType="application/x-of-its-own"/></Types>'
            types = members["[Content_Types].xml"]
            members["[Content_Types].xml"] = types.replace(b"</Types>", override.encode())

    return changed(add)


@pytest.mark.parametrize(
    ("kind", "name", "of"),
    [
        (f"{MICROSOFT}/2020/10/relationships/intelligence", "word/intelligence2.xml", DOCUMENT),
        (f"{MICROSOFT}/2011/relationships/webextensiontaskpanes", "word/webextensions/taskpanes.xml", ""),
        (f"{MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml", ""),
        (f"{MICROSOFT}/2006/relationships/keyMapCustomizations", "word/customizations.xml", DOCUMENT),
        (f"{MICROSOFT}/2006/relationships/attachedToolbars", "word/attachedToolbars.bin", DOCUMENT),
        (f"{RELATIONSHIPS}/printerSettings", "word/printerSettings/printerSettings1.bin", DOCUMENT),
        (
            "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin",
            "_x/o.sigs",
            "",
        ),
        ("http://elsewhere.example/styles", "word/styles2.xml", DOCUMENT),
    ],
)
def test_a_part_that_no_text_refers_to_is_left_out(kind: str, name: str, of: str) -> None:
    content = check_template(with_part(kind, name, of=of))
    members = members_of(content)
    assert name not in members
    assert not [member for member, text in members.items() if b"rId99" in text or name.encode() in text]
    assert "A theme" in text_of_word(report_as_word(SAMPLE_REPORT, content))


def test_a_member_to_which_nothing_leads_is_left_out() -> None:
    content = changed(lambda members: members.update({"word/left.xml": b"<x/>", "[trash]/0000.dat": b"\0"}))
    assert not {"word/left.xml", "[trash]/0000.dat"} & set(members_of(check_template(content)))


def test_the_file_that_a_template_was_made_from_is_forgotten() -> None:
    kind = f"{RELATIONSHIPS}/attachedTemplate"
    made = with_part(kind, "file:///C:/Users/ann/Templates/Ours.dotx", of=SETTINGS, external=True)

    def refer(members: dict[str, bytes]) -> None:
        reference = f'<w:attachedTemplate xmlns:r="{RELATIONSHIPS}" r:id="rId99"/>'.encode()
        members[SETTINGS] = re.sub(rb"(<w:settings[^>]*>)", rb"\1" + reference, members[SETTINGS])

    members = members_of(check_template(changed(refer, of=made)))
    assert b"attachedTemplate" not in members[SETTINGS]
    assert b"Ours.dotx" not in members["word/_rels/settings.xml.rels"]


def test_how_a_page_was_last_printed_is_forgotten() -> None:
    made = with_part(f"{RELATIONSHIPS}/printerSettings", "word/printerSettings1.bin")

    def refer(members: dict[str, bytes]) -> None:
        reference = f'<w:printerSettings xmlns:r="{RELATIONSHIPS}" r:id="rId99"/></w:sectPr>'.encode()
        members[DOCUMENT] = members[DOCUMENT].replace(b"</w:sectPr>", reference)

    content = check_template(changed(refer, of=made))
    assert b"printerSettings" not in members_of(content)[DOCUMENT]
    assert "A theme" in text_of_word(report_as_word(SAMPLE_REPORT, content))


def test_the_address_from_which_an_embedded_picture_came_is_forgotten() -> None:
    made = related("image", "https://intranet.example/logo.png", external=True)
    picture = f'<a:blip xmlns:a="{DRAWING}" xmlns:r="{RELATIONSHIPS}" r:embed="rId1" r:link="rId99"/>'
    content = in_body(f"<w:p><w:r><w:drawing>{picture}</w:drawing></w:r></w:p>", of=made)
    members = members_of(check_template(content))
    assert b"intranet.example" not in members["word/_rels/document.xml.rels"]
    assert b'r:embed="rId1"' in members[DOCUMENT]
    assert b"r:link" not in members[DOCUMENT]


def test_something_unknown_that_stands_in_the_text_is_refused_by_name() -> None:
    made = with_part("http://schemas.microsoft.com/office/2017/06/relationships/model3d", "word/model3d1.xml")
    shown = f'<m:model3d xmlns:m="urn:x" xmlns:r="{RELATIONSHIPS}" r:embed="rId99"/>'
    message = refusal(in_body(f"<w:p><w:r><w:drawing>{shown}</w:drawing></w:r></w:p>", of=made))
    assert message == (
        "The template has something that a report cannot carry (model3d): delete it in Word, "
        "or paste it as a picture."
    )


@pytest.mark.parametrize("target", ["word/document2.xml", "/word/document2.xml"])
def test_the_text_may_have_any_name_as_word_for_the_web_gives_it(target: str) -> None:
    def rename(members: dict[str, bytes]) -> None:
        members["word/document2.xml"] = members.pop(DOCUMENT)
        members["word/_rels/document2.xml.rels"] = members.pop("word/_rels/document.xml.rels")
        for name in ("[Content_Types].xml", "_rels/.rels"):
            members[name] = members[name].replace(b"word/document.xml", target.encode())
        types = members["[Content_Types].xml"]
        members["[Content_Types].xml"] = types.replace(b'"//word', b'"/word')

    content = changed(rename)
    assert text_of_word(report_as_word(SAMPLE_REPORT, content)) == text_of_word(report_as_word(SAMPLE_REPORT))

    def spoil(members: dict[str, bytes]) -> None:
        rename(members)
        members["word/document2.xml"] = members["word/document2.xml"].replace(b"{{ title }}", b"{{ titel }}")

    assert "“titel” is undefined" in refusal(changed(spoil))


def test_a_strict_document_is_refused_with_how_to_save_it() -> None:
    def strict(members: dict[str, bytes]) -> None:
        members["_rels/.rels"] = members["_rels/.rels"].replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/",
            b"http://purl.oclc.org/ooxml/officeDocument/",
        )

    message = refusal(changed(strict))
    assert message == ("The file was saved as Strict Open XML: in Word, save it as “Word Document (.docx)”.")


def test_a_file_without_a_text_is_no_word_document() -> None:
    message = refusal(changed(lambda members: members.update({"_rels/.rels": b"<Relationships/>"})))
    assert "The file is not a Word document" in message
