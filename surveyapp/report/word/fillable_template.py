"""Fills a Word template by docxtpl, in our own tag language, and names the part that failed."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from markupsafe import Markup

from surveyapp.foundation.documents.properties import LONGEST_PROPERTY
from surveyapp.report.word.allowed_tags import LONGEST_SHOWN, NOTHING_ELSE_ALLOWED, tag_text
from surveyapp.report.word.sandbox import LARGEST_TEXT, MOST_BRACKETS, TemplateLanguage, TemplateRefused

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

# Taken out before looking for tags, as docxtpl does: XML inside a bracket, and the runs that split a tag.
_XML_IN_BRACKET = re.compile(r"(?<={)(?:<[^>]*>)+(?=[{%#])|(?<=[%}#])(?:<[^>]*>)+(?=})")
_RUNS = re.compile(r"</w:t>.*?(?:<w:t>|<w:t [^>]*>)", re.DOTALL)
_ENDS = re.compile(r"\{[{%#]|[}%#]\}")
_END = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Additional tags of docxtpl. Searching for them is slow, and no report needs them.
_DOCXTPL_TAGS = re.compile(r"\{%\s*(?:colspan|cellbg|vm|hm)\b")
# The prefix that names the element that a tag replaces. Without that element, searching for its end is slow.
_LEVEL = re.compile(r"\{[{%#](tr|tc|p|r)\s")
_LEVELS = {"tr": "row of a table", "tc": "cell of a table", "p": "paragraph", "r": "text"}
_EMPTY = re.compile(r"<w:([prt])((?: [^<>]*)?)/>")
_MOST_WITHOUT_END = 20
_MOST_LOOKED_AT = 2_000
_A_FEW_WORDS = 40
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# The document properties that docxtpl fills.
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


def fillable_template(content: bytes) -> "DocxTemplate":
    """A template that escapes what people typed; its `part_being_filled` names the part being filled."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types of its own
        part_being_filled = ""

        def get_headers_footers(self, uri: str) -> Iterator[tuple[str, Any]]:
            for key, part in super().get_headers_footers(uri):
                self.part_being_filled = _name(part)
                yield key, part

        def patch_xml(self, src_xml: str) -> str:
            _check_source(src_xml, self.part_being_filled)
            return str(super().patch_xml(src_xml))

        def render_xml_part(
            self,
            src_xml: str,
            part: object,  # noqa: ARG002 — docxtpl's own
            context: Mapping[str, Any],
            jinja_env: TemplateLanguage,
        ) -> str:
            # Each paragraph is put on a line of its own, so that a failed tag can be found by its line.
            source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml.replace("\n", " "))
            written = jinja_env.fill(source, context)
            lines = re.sub(r"\n<w:p([ >])", r"<w:p\1", written)
            return str(self.resolve_listing(_with_closed_elements(lines, self.part_being_filled)))

        def render_properties(self, context: Mapping[str, Any], jinja_env: TemplateLanguage) -> None:
            _fill_properties(self, context, jinja_env)

        def render_footnotes(self, context: Mapping[str, Any], jinja_env: TemplateLanguage) -> None:
            _fill_footnotes(self, context, jinja_env)

    word = Template(io.BytesIO(content))
    word.init_docx()
    word.part_being_filled = _name(word.docx.part)
    return word


def _name(part: Any) -> str:  # noqa: ANN401 — a part of the library
    return str(part.partname).removeprefix("/")


def _check_source(source: str, name: str) -> None:
    """Refuse a part in which docxtpl would take too long to search for tags.

    Its patterns search for an end from every opening bracket: a thousand unclosed tags took half a minute.
    """
    if len(source) > LARGEST_TEXT or source.count("{") > MOST_BRACKETS:
        raise TemplateRefused(f"{name} in the template has far too much text or too many tags.")
    whole = _XML_IN_BRACKET.sub("", source)
    begun: re.Match[str] | None = None
    for bracket in _ENDS.finditer(whole):
        if bracket[0][0] == "{":
            if begun:
                _refuse_tag(whole[begun.start() : bracket.start()], "it has no end")
            begun = bracket
        elif begun and bracket[0] == _END[begun[0]]:
            words = _RUNS.sub("", whole[begun.start() : bracket.end()])
            if _DOCXTPL_TAGS.match(words):
                _refuse_tag(words, NOTHING_ELSE_ALLOWED)
            level = _LEVEL.match(words)
            if level and whole.rfind(f"</w:{level[1]}>") < bracket.end():
                _refuse_tag(words, f"it stands outside the {_LEVELS[level[1]]} it is for")
            begun = None
        elif not begun and bracket[0] == "%}":
            before = whole[max(0, bracket.start() - _A_FEW_WORDS) : bracket.end()]
            _refuse_tag(before.rpartition(">")[2], "it has no beginning")
    if begun:
        _refuse_tag(whole[begun.start() :], "it has no end")


def _refuse_tag(source: str, why: str) -> NoReturn:
    # The rest of the paragraph is enough to find the tag.
    tag = tag_text(source[:_MOST_LOOKED_AT].partition("</w:p>")[0])[:LONGEST_SHOWN]
    raise TemplateRefused(f"The tag “{tag}” of the template failed: {why}.")


def _with_closed_elements(written: str, name: str) -> str:
    """A filled part with an end tag for every paragraph, run and text, which docxtpl searches for."""
    ended = _EMPTY.sub(r"<w:\1\2></w:\1>", written)
    for kind in ("p", "r", "t"):
        begun = ended.count(f"<w:{kind}>") + ended.count(f"<w:{kind} ")
        if begun > ended.count(f"</w:{kind}>") + _MOST_WITHOUT_END:
            raise TemplateRefused(
                f"The tags in {name} of the template cut paragraphs through: begin and end each in its own."
            )
    return ended


def _fill_properties(word: Any, values: Mapping[str, Any], language: TemplateLanguage) -> None:  # noqa: ANN401 — docxtpl has no types
    """Fill the tags in the document properties; most properties are overwritten afterwards."""
    facts = word.docx.core_properties
    for name in _PROPERTIES:
        word.part_being_filled = f"docProps/core.xml ({name})"
        try:
            _check_source(getattr(facts, name), word.part_being_filled)
            filled = language.fill(getattr(facts, name), values)
        except TemplateRefused as error:
            raise TemplateRefused(f"{error.message} It stands in {word.part_being_filled}.") from error
        setattr(facts, name, Markup(filled).unescape()[:LONGEST_PROPERTY])  # noqa: S704 — unescaped to plain text


def _fill_footnotes(word: Any, values: Mapping[str, Any], language: TemplateLanguage) -> None:  # noqa: ANN401 — likewise
    """Fill the footnotes once; docxtpl fills them for each section, and would read filled text as tags."""
    for part in word.docx.part.package.iter_parts():
        if part.content_type == _FOOTNOTES:
            word.part_being_filled = _name(part)
            source = word.patch_xml(part.blob.decode("utf-8"))
            part._blob = word.render_xml_part(source, part, values, language).encode()  # noqa: SLF001 — the library has no other way
