"""The HTML part of an email, made from its text: one template a kind, and one layout for all kinds.

Mail programs drop style sheets and Outlook lays out with Word, so that each element carries its own style and
nothing depends on tables, images or anything fetched.
"""

import re

from flask import render_template
from markupsafe import Markup, escape

from surveyapp.foundation.documents.emphasis import text_runs

# A British telephone number as people write it: 10 or 11 digits after 0 or +44, with spaces or hyphens.
_TELEPHONE = re.compile(r"(?<![\w+@.-])(?:\+44[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?\d){8,9}(?![\w@-]|\.\w)")
_RULE = re.compile(r"-{3,}")


def email_html(text: str, *, subject: str, link: str) -> str:
    """Lay out an email's text: a blank line ends a paragraph, `**words**` are bold, dashes alone are a rule.

    A paragraph that is `link` alone becomes the link, and telephone numbers can be pressed. Everything else
    is escaped, so that what people typed stays text.
    """
    paragraphs = [
        {"kind": _kind(paragraph, link), "lines": [_line(line) for line in paragraph.splitlines()]}
        for paragraph in re.split(r"\n\s*\n", text.strip())
    ]
    return render_template("survey/email/layout.html", paragraphs=paragraphs, subject=subject, link=link)


def _kind(paragraph: str, link: str) -> str:
    if link and paragraph.strip() == link:
        return "link"
    return "rule" if _RULE.fullmatch(paragraph.strip()) else "text"


def _line(line: str) -> Markup:
    runs = ((_with_telephones(words), is_bold) for words, is_bold in text_runs(line.strip()))
    return Markup("").join(
        Markup("<strong>{}</strong>").format(words) if is_bold else words for words, is_bold in runs
    )


def _with_telephones(words: str) -> Markup:
    parts, position = [], 0
    for found in _TELEPHONE.finditer(words):
        parts += [escape(words[position : found.start()]), _telephone_link(found[0])]
        position = found.end()
    return Markup("").join([*parts, escape(words[position:])])


def _telephone_link(number: str) -> Markup:
    digits = re.sub(r"[^\d+]", "", number.replace("(0)", ""))
    return Markup('<a href="tel:{}" style="color:#1d70b8">{}</a>').format(digits, number)
