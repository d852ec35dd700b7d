"""Contents that a Word template may not have: active fields, embedded parts and links to files."""

import io
import re

import docx
import pytest

from surveyapp.report.word.active_content import check_document
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.sandbox import TemplateRefused
from surveyapp.report.word.upload_checks import check_template
from tests.report.word.word_templates import RELATIONSHIPS, changed, field, in_body, refusal, related

pytestmark = pytest.mark.slow

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SMUGGLED = [
    ('D{# #}DEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', "{# #}"),
    ('INC{% if title %}LUDEPICTURE{% endif %} "http://127.0.0.1/x.png"', "{% if title %}"),
    ("D{{ title }}DE", "{{ title }}"),
    ("DDE{", "DDE{"),
]


@pytest.mark.parametrize(("words", "tag"), _SMUGGLED)
def test_a_tag_inside_a_field_is_refused_and_named(words: str, tag: str) -> None:
    message = f"The tag “{tag}” of the template stands inside a field"
    assert refusal(in_body(field(words))).startswith(message)
    assert refusal(in_body(field(words[:2], words[2:]))).startswith(message)
    instruction = words.replace('"', "&quot;")
    assert refusal(in_body(f'<w:p><w:fldSimple w:instr="{instruction}"/></w:p>')).startswith(message)


@pytest.mark.parametrize(
    ("xml", "named"),
    [
        (field("INCLUDE", 'PICTURE "http://x"'), "INCLUDEPICTURE"),
        (field("PAGE") + field("DDEAUTO"), "DDEAUTO"),
        (field("MACROBUTTON Run press"), "MACROBUTTON"),
        (field('PRINT "x"'), "PRINT"),
        (field("DD<!-- -->E a b"), "DDE"),
        (field("INC").replace("INC</w:instrText></w:r>", "INC</w:instrText></w:r>" + "{}"), "INC…"),
        ("<w:p><w:r><w:delInstrText>DDE a b</w:delInstrText></w:r></w:p>", "DDE"),
    ],
)
def test_fields_that_fetch_or_run_something_are_refused(xml: str, named: str) -> None:
    nested = field('QUOTE "LUDE"').removeprefix("<w:p>").removesuffix("</w:p>")
    message = refusal(in_body(xml.replace("{}", nested)))
    assert "could fetch or run something" in message
    assert f" {named}. " in message or " QUOTE. " in message


@pytest.mark.parametrize(
    "words",
    [
        "PAGE \\* MERGEFORMAT",
        " NUMPAGES ",
        'DATE \\@ "d MMMM yyyy"',
        "= 2 + 2",
        'HYPERLINK "https://a.example/link" \\o "See the link" \\t "_blank"',
        'HYPERLINK \\l "_Toc1" \\h',
        'HYPERLINK \\l "_APPENDIX_5:_FINANCIAL"',
        'HYPERLINK "https://a.example" \\l top \\t _blank \\o "See C:\\\\files or file://b"',
        "",
    ],
)
def test_ordinary_fields_are_accepted(words: str) -> None:
    report_as_word(SAMPLE_REPORT, in_body(field(words)))


def test_the_finished_report_is_checked_again() -> None:
    document = docx.Document(io.BytesIO(default_template()))
    check_document(document)
    for element in document.sections[0].footer.paragraphs[0]._p.iter():  # noqa: SLF001 — the test edits the XML
        if element.tag.endswith("instrText"):
            element.text = "DDEAUTO a b"
    with pytest.raises(TemplateRefused, match="DDEAUTO"):
        check_document(document)


def test_a_field_that_a_tag_joins_from_two_is_found_in_the_finished_report() -> None:
    def run(inside: str) -> str:
        return f"<w:r>{inside}</w:r>"

    begin, end = (run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "end"))
    first, second = (run(f"<w:instrText>{words}</w:instrText>") for words in ("TA", "TC"))
    choice, done = (run(f"<w:t>{tag}</w:t>") for tag in ("{% if kicker == title %}", "{% endif %}"))
    content = in_body(f"<w:p>{begin}{first}{choice}{end}{begin}{done}{second}{end}</w:p>")
    check_template(content)
    assert "could fetch or run something: TATC." in refusal(content)


def test_an_embedded_document_is_refused() -> None:
    chunk = f'<w:altChunk xmlns:r="{RELATIONSHIPS}" r:id="rId99"/>'
    assert "altChunk" in refusal(in_body(chunk))
    assert "aFChunk" in refusal(related("aFChunk", "chunk.html"))


def test_a_query_that_word_runs_on_opening_the_file_is_refused() -> None:
    def ask(members: dict[str, bytes]) -> None:
        query = rb'\1<w:mailMerge><w:query w:val="SELECT 1"/></w:mailMerge>'
        members["word/settings.xml"] = re.sub(rb"(<w:settings[^>]*>)", query, members["word/settings.xml"])

    assert "mailMerge" in refusal(changed(ask))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("subDocument", "other.xml"),
        ("oleObject", "object.xml"),
        ("chart", "charts/chart1.xml"),
        ("package", "embedded.xml"),
        ("http://schemas.microsoft.com/office/2014/relationships/chartEx", "charts/chartEx1.xml"),
    ],
)
def test_parts_other_than_text_styles_and_pictures_are_refused_by_name(kind: str, target: str) -> None:
    assert f"({kind.rpartition('/')[2]})" in refusal(related(kind, target))


def test_a_part_that_is_filled_must_have_the_extension_xml() -> None:
    assert "header.txt in the template is no part" in refusal(related("header", "header.txt"))


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///c:/a.docx", "\\\\server\\share", "report.docm"]
)
def test_a_link_to_anything_but_a_page_or_email_address_is_refused(target: str) -> None:
    message = (
        f"The template links to “{target}”: a link leads to a page (http, https) or an address (mailto)."
    )
    assert refusal(related("hyperlink", target, external=True)) == message
    if "\\" not in target:
        assert refusal(in_body(field(f'HYPERLINK "{target}"'))) == message
    shape = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" href="{}"/></w:pict></w:r></w:p>'
    )
    assert refusal(in_body(shape.format(target))) == message


@pytest.mark.parametrize(
    "target", ["https://a.example/?a=1", "HTTP://a.example", "mailto:a@b.example", "#top"]
)
def test_links_to_pages_email_addresses_and_bookmarks_are_accepted(target: str) -> None:
    check_template(related("hyperlink", target, external=True))


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("HYPERLINK \\\\\\\\server\\\\share", "\\\\\\\\server\\\\share"),
        ("HYPERLINK \\\\server\\share", "\\\\server\\share"),
        ("HYPERLINK\\\\server", "\\\\server"),
        ("HYPERLINK \\server", "\\server"),
        ('HYPERLINK "https://a.example" \\t file://server/share', "file://server/share"),
        ('HYPERLINK "https://a.example" \\t "\\\\server"', "\\\\server"),
        ("HYPERLINK \\l file://server", "file://server"),
        ("HYPERLINK \\o file://server", "file://server"),
        ("HYPERLINK \\tfile://server", "\\tfile://server"),
        ("HYPERLINK \\h file://server", "file://server"),
        ("HYPERLINK https://a.example \\\\server", "\\\\server"),
    ],
)
def test_a_link_to_a_server_is_found_wherever_it_stands_in_a_field(words: str, target: str) -> None:
    assert refusal(in_body(field(words))).startswith(f"The template links to “{target}”")


def test_a_picture_pasted_from_a_web_page_is_refused_and_one_from_an_email_is_not() -> None:
    def drawn(address: str) -> bytes:
        names = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        return in_body(f'<w:p><w:r><w:pict><v:imagedata {names} o:href="{address}"/></w:pict></w:r></w:p>')

    assert "fetches a picture" in refusal(drawn("http://x.example/a.png"))
    assert "fetches a picture" in refusal(drawn("\\\\server\\a.png"))
    check_template(drawn("cid:image001.png@01DB1234.5678"))


def test_a_linked_picture_is_refused() -> None:
    picture = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://x.example/a.png"/>'
    assert "fetches a picture" in refusal(in_body(f"<w:p><w:r><w:pict>{picture}</w:pict></w:r></w:p>"))
    linked = related("image", "http://x.example/a.png", external=True)
    check_template(linked)
    blip = f'<a:blip xmlns:a="{DRAWING}" xmlns:r="{RELATIONSHIPS}" r:link="rId99"/>'
    assert "(image)" in refusal(in_body(f"<w:p><w:r><w:drawing>{blip}</w:drawing></w:r></w:p>", of=linked))
