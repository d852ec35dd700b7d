"""A Word template as docxtpl fills it: in our language alone, each part once, and saying which one failed."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from markupsafe import Markup

from surveyapp.foundation.documents.properties import LONGEST_PROPERTY
from surveyapp.report.word.allowed_tags import LONGEST_SHOWN, NOTHING_ELSE_ALLOWED, tag_text
from surveyapp.report.word.sandbox import LARGEST_TEXT, MOST_BRACKETS, TemplateLanguage, TemplateRefused

if TYPE_CHECKING:
    from docxtpl import DocxTemplate  # noqa: PLC0415 — a heavy library, imported where used

# As docxtpl sees them: the marks of Word inside a bracket, and the runs that a tag is cut into.
_XML_IN_BRACKET = re.compile(r"(?<={)(?:<[^>]*>)+(?=[{%#])|(?<=[%}#])(?:<[^>]*>)+(?=})")
_RUNS = re.compile(r"</w:t>.*?(?:<w:t>|<w:t [^>]*>)", re.DOTALL)
_ENDS = re.compile(r"\{[{%#]|[}%#]\}")
_END = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Tags that docxtpl has beside those of the language; looking for them takes long, and no report needs them.
_DOCXTPL_TAGS = re.compile(r"\{%\s*(?:colspan|cellbg|vm|hm)\b")
# What a tag takes away with itself; where there is none, looking for its end takes long.
_LEVEL = re.compile(r"\{[{%#](tr|tc|p|r)\s")
_LEVELS = {"tr": "row of a table", "tc": "cell of a table", "p": "paragraph", "r": "text"}
_EMPTY = re.compile(r"<w:([prt])((?: [^<>]*)?)/>")
_MOST_WITHOUT_END = 20
_MOST_LOOKED_AT = 2_000
_A_FEW_WORDS = 40
_BODY = "word/document.xml"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# Those that the library lets a template fill.
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


def fillable_template(content: bytes) -> "DocxTemplate":
    """A template that leaves what people typed as they typed it; `part_being_filled` is the part it is filling."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types of its own
        part_being_filled = _BODY

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
            # A paragraph on each line: so a tag that failed can be found again.
            source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml.replace("\n", " "))
            written = jinja_env.fill(source, context)
            lines = re.sub(r"\n<w:p([ >])", r"<w:p\1", written)
            return str(self.resolve_listing(_with_closed_elements(lines, self.part_being_filled)))

        def render_properties(self, context: Mapping[str, Any], jinja_env: TemplateLanguage) -> None:
            _fill_properties(self, context, jinja_env)

        def render_footnotes(self, context: Mapping[str, Any], jinja_env: TemplateLanguage) -> None:
            _fill_footnotes(self, context, jinja_env)

    return Template(io.BytesIO(content))


def _name(part: Any) -> str:  # noqa: ANN401 — a part of the library
    return str(part.partname).removeprefix("/")


def _check_source(source: str, name: str) -> None:
    """Refuse what the library would look for tags in for too long, whatever the part is called.

    Its patterns look from each beginning of a tag for its end: a thousand without one took half a minute.
    """
    if len(source) > LARGEST_TEXT or source.count("{") > MOST_BRACKETS:
        raise TemplateRefused(f"{name} in the template has far too much text or too many tags.")
    whole = _XML_IN_BRACKET.sub("", source)
    begun: re.Match[str] | None = None
    for each in _ENDS.finditer(whole):
        if each[0][0] == "{":
            if begun:
                _refuse_tag(whole[begun.start() : each.start()], "it has no end")
            begun = each
        elif begun and each[0] == _END[begun[0]]:
            words = _RUNS.sub("", whole[begun.start() : each.end()])
            if _DOCXTPL_TAGS.match(words):
                _refuse_tag(words, NOTHING_ELSE_ALLOWED)
            level = _LEVEL.match(words)
            if level and whole.rfind(f"</w:{level[1]}>") < each.end():
                _refuse_tag(words, f"it stands outside the {_LEVELS[level[1]]} it is for")
            begun = None
        elif not begun and each[0] == "%}":
            before = whole[max(0, each.start() - _A_FEW_WORDS) : each.end()]
            _refuse_tag(before.rpartition(">")[2], "it has no beginning")
    if begun:
        _refuse_tag(whole[begun.start() :], "it has no end")


def _refuse_tag(source: str, why: str) -> NoReturn:
    # What follows in the same paragraph is enough to find it by.
    tag = tag_text(source[:_MOST_LOOKED_AT].partition("</w:p>")[0])[:LONGEST_SHOWN]
    raise TemplateRefused(f"The tag “{tag}” of the template failed: {why}.")


def _with_closed_elements(written: str, name: str) -> str:
    """A filled part in which every paragraph, run and text has an end, as the library looks for each."""
    ended = _EMPTY.sub(r"<w:\1\2></w:\1>", written)
    for kind in ("p", "r", "t"):
        begun = ended.count(f"<w:{kind}>") + ended.count(f"<w:{kind} ")
        if begun > ended.count(f"</w:{kind}>") + _MOST_WITHOUT_END:
            raise TemplateRefused(
                f"The tags in {name} of the template cut paragraphs through: begin and end each in its own."
            )
    return ended


def _fill_properties(word: Any, values: Mapping[str, Any], language: TemplateLanguage) -> None:  # noqa: ANN401 — docxtpl has no types
    """Fill what Word keeps of a document beside its text; most of it we write ourselves afterwards."""
    facts = word.docx.core_properties
    for name in _PROPERTIES:
        word.part_being_filled = f"docProps/core.xml ({name})"
        try:
            _check_source(getattr(facts, name), word.part_being_filled)
            filled = language.fill(getattr(facts, name), values)
        except TemplateRefused as error:
            raise TemplateRefused(f"{error.message} It stands in {word.part_being_filled}.") from error
        setattr(facts, name, Markup(filled).unescape()[:LONGEST_PROPERTY])  # noqa: S704 — made plain again


def _fill_footnotes(word: Any, values: Mapping[str, Any], language: TemplateLanguage) -> None:  # noqa: ANN401 — likewise
    """Fill the footnotes once: the library does it for each section, and takes what it filled for tags."""
    for part in word.docx.part.package.iter_parts():
        if part.content_type == _FOOTNOTES:
            word.part_being_filled = _name(part)
            source = word.patch_xml(part.blob.decode("utf-8"))
            part._blob = word.render_xml_part(source, part, values, language).encode()  # noqa: SLF001 — the library has no other way
