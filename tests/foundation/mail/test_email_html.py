"""The layout of every email's HTML part, which is made from its text."""

import re
import xml.etree.ElementTree as ET

import html5lib
import pytest
from flask import Flask

from surveyapp.foundation.mail.email_html import email_html

LINK = "https://audits.example.org/r/" + "a" * 50 + "/"
TEXT = f"""Hello Ann O’Neill,

Bury & Co asks you about <b>6</b> children. **Return your answers by Friday.**

{LINK}

The audit: Repeat plans
Read https://elsewhere.example/ too: {LINK}

------

Ring 01632 960123, +44 (0)20 7946 0958 or 0808-157-0959.
"""
# What mail programs can be relied on to lay out: no table, picture, script, form or style sheet.
ELEMENTS = {"html", "head", "meta", "title", "body", "div", "p", "a", "strong", "br", "hr"}


@pytest.fixture
def tree(app: Flask) -> ET.Element:
    assert app.name
    html = email_html(TEXT, subject="6 returns & more", link=LINK)
    parsed: ET.Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return parsed


def texts(tree: ET.Element) -> list[str]:
    return [" ".join("".join(part.itertext()).split()) for part in tree.iter("p")]


def test_the_layout_uses_only_what_every_mail_program_lays_out(tree: ET.Element) -> None:
    assert {element.tag for element in tree.iter()} == ELEMENTS
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert attributes == {"lang", "charset", "name", "content", "style", "href"}
    styles = [element.attrib.get("style", "") for element in tree.iter()]
    assert not any("url(" in style for style in styles)
    assert all(
        "margin" in element.attrib["style"]
        for tag in ("body", "div", "p", "hr")
        for element in tree.iter(tag)
    )
    assert all("color" in element.attrib["style"] for element in tree.iter("a"))


def test_the_layout_is_narrow_and_the_link_breaks_on_a_telephone(tree: ET.Element) -> None:
    (column,) = tree.iter("div")
    assert "max-width:600px" in column.attrib["style"]
    assert tree.attrib["lang"] == column.attrib["lang"] == "en-GB"
    (paragraph,) = (p for p in tree.iter("p") for a in p.iterfind("a") if a.attrib["href"] == LINK)
    assert "word-break:break-all" in paragraph.attrib["style"]


def test_the_html_has_the_words_of_the_text(tree: ET.Element) -> None:
    assert tree.findtext("head/title") == "6 returns & more"
    assert texts(tree) == [
        "Hello Ann O’Neill,",
        "Bury & Co asks you about <b>6</b> children. Return your answers by Friday.",
        LINK,
        f"The audit: Repeat plansRead https://elsewhere.example/ too: {LINK}",
        "Ring 01632 960123, +44 (0)20 7946 0958 or 0808-157-0959.",
    ]
    assert [strong.text for strong in tree.iter("strong")] == ["Return your answers by Friday."]
    assert len(list(tree.iter("hr"))) == 1


def test_only_the_emails_own_link_and_telephone_numbers_can_be_pressed(tree: ET.Element) -> None:
    assert [(a.attrib["href"], a.text) for a in tree.iter("a")] == [
        (LINK, LINK),
        ("tel:01632960123", "01632 960123"),
        ("tel:+442079460958", "+44 (0)20 7946 0958"),
        ("tel:08081570959", "0808-157-0959"),
    ]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "words",
    [
        "reference 00471",
        "0012345678",
        "ref A01632 960123",
        "a01632960123@x.example",
        "1.01632 960123",
        "01 2026",
    ],
)
def test_other_figures_are_not_telephone_numbers(words: str) -> None:
    assert "tel:" not in email_html(words, subject="x", link="")


@pytest.mark.usefixtures("app")
def test_typed_text_cannot_bring_markup_of_its_own() -> None:
    html = email_html('**<a href="https://x.example">y</a>** <script>', subject="</title><b>", link="")
    assert not re.search(r"<script|<a |<b>", html)
