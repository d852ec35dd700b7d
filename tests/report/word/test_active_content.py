"""What a Word template may not bring into a report: fields that run, parts of other kinds, links."""

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

_SMUGGLED = [
    ('D{# #}DEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', "{# #}"),
    ('INC{% if title %}LUDEPICTURE{% endif %} "http://127.0.0.1/x.png"', "{% if title %}"),
    ("D{{ title }}DE", "{{ title }}"),
    ("DDE{", "DDE{"),
]


@pytest.mark.parametrize(("words", "tag"), _SMUGGLED)
def test_a_tag_inside_a_field_is_refused_and_named(words: str, tag: str) -> None:
    said = f"The tag “{tag}” of the template stands inside a field"
    assert refusal(in_body(field(words))).startswith(said)
    assert refusal(in_body(field(words[:2], words[2:]))).startswith(said)
    instruction = words.replace('"', "&quot;")
    assert refusal(in_body(f'<w:p><w:fldSimple w:instr="{instruction}"/></w:p>')).startswith(said)


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
def test_only_fields_that_say_something_of_the_document_itself_are_taken(xml: str, named: str) -> None:
    nested = field('QUOTE "LUDE"').removeprefix("<w:p>").removesuffix("</w:p>")
    said = refusal(in_body(xml.replace("{}", nested)))
    assert "could fetch or run something" in said
    assert f" {named}. " in said or " QUOTE. " in said


@pytest.mark.parametrize(
    "words",
    [
        "PAGE \\* MERGEFORMAT",
        " NUMPAGES ",
        'DATE \\@ "d MMMM yyyy"',
        "= 2 + 2",
        'HYPERLINK "https://a.example/link" \\o "See the link" \\t "_blank"',
        'HYPERLINK \\l "_Toc1" \\h',
        "",
    ],
)
def test_fields_that_people_put_into_a_report_are_taken(words: str) -> None:
    report_as_word(SAMPLE_REPORT, in_body(field(words)))


def test_a_report_is_looked_through_again_before_it_is_given() -> None:
    made = docx.Document(io.BytesIO(default_template()))
    check_document(made)
    for each in made.sections[0].footer.paragraphs[0]._p.iter():  # noqa: SLF001 — a test needs to tell it false
        if each.tag.endswith("instrText"):
            each.text = "DDEAUTO a b"
    with pytest.raises(TemplateRefused, match="DDEAUTO"):
        check_document(made)


def test_two_fields_that_a_tag_makes_one_of_are_found_in_the_finished_report() -> None:
    def run(inside: str) -> str:
        return f"<w:r>{inside}</w:r>"

    begin, end = (run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "end"))
    first, second = (run(f"<w:instrText>{words}</w:instrText>") for words in ("TA", "TC"))
    choice, done = (run(f"<w:t>{tag}</w:t>") for tag in ("{% if kicker == title %}", "{% endif %}"))
    content = in_body(f"<w:p>{begin}{first}{choice}{end}{begin}{done}{second}{end}</w:p>")
    check_template(content)
    assert "could fetch or run something: TATC." in refusal(content)


def test_a_chunk_of_another_document_is_refused() -> None:
    chunk = f'<w:altChunk xmlns:r="{RELATIONSHIPS}" r:id="rId99"/>'
    assert "altChunk" in refusal(in_body(chunk))
    assert "aFChunk" in refusal(related("aFChunk", "chunk.html"))


def test_a_query_that_word_runs_as_it_opens_the_file_is_refused() -> None:
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
        ("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI.xml"),
        ("http://schemas.microsoft.com/office/2011/relationships/webextension", "webextension1.xml"),
        ("http://elsewhere.example/styles", "styles2.xml"),
    ],
)
def test_parts_that_word_does_not_write_for_text_styles_and_pictures_are_named(
    kind: str, target: str
) -> None:
    assert f"({kind.rpartition('/')[2]})" in refusal(related(kind, target))


def test_a_part_with_tags_in_it_is_read_as_xml_whatever_it_is_called() -> None:
    assert "header.txt in the template is no part" in refusal(related("header", "header.txt"))


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///c:/a.docx", "\\\\server\\share", "report.docm"]
)
def test_a_link_leads_to_a_page_or_an_address(target: str) -> None:
    said = f"The template links to “{target}”: a link leads to a page (http, https) or an address (mailto)."
    assert refusal(related("hyperlink", target, external=True)) == said
    if "\\" not in target:
        assert refusal(in_body(field(f'HYPERLINK "{target}"'))) == said
    shape = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" href="{}"/></w:pict></w:r></w:p>'
    )
    assert refusal(in_body(shape.format(target))) == said


@pytest.mark.parametrize(
    "target", ["https://a.example/?a=1", "HTTP://a.example", "mailto:a@b.example", "#top"]
)
def test_links_that_people_put_into_a_report_are_taken(target: str) -> None:
    check_template(related("hyperlink", target, external=True))


def test_a_picture_is_in_the_template_itself() -> None:
    picture = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://x.example/a.png"/>'
    assert "fetches a picture" in refusal(in_body(f"<w:p><w:r><w:pict>{picture}</w:pict></w:r></w:p>"))
    assert "(image)" in refusal(related("image", "http://x.example/a.png", external=True))
