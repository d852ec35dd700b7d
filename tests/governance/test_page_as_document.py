"""A page becomes a document with the same words, and without what only the screen needs."""

from surveyapp.foundation.documents.blocks import Bullets, DocumentHeading, DocumentParagraph, DocumentTable
from surveyapp.governance.page_as_document import page_as_document

PAGE = """
<nav><p>Menu</p></nav>
<main id="main-content">
<h1>Privacy  notice</h1>
<p data-on-screen><a href="/x">Download</a><br>as Word</p>
<h2>Who &amp; why</h2>
<p>Ask <a href="https://ico.org.uk/">the office</a>, or <a href="/privacy">us</a>.</p>
<h3>Kept</h3>
<ul><li>a <strong>name</strong></li><li>an age</li></ul>
<form method="post"><p>Press</p><input name="a"><button>Save</button></form>
<table><tr><th>Risk</th><th>Measure</th></tr><tr><th>Loss</th><td>A backup</td></tr></table>
</main>
<footer><p>Foot</p></footer>
"""


def test_headings_paragraphs_lists_and_tables_are_taken_in_their_order() -> None:
    document = page_as_document(PAGE, author="Wrenford", foot="Notice, Wrenford")
    assert (document.title, document.author, document.foot) == (
        "Privacy notice",
        "Wrenford",
        "Notice, Wrenford",
    )
    assert document.blocks == (
        DocumentHeading("Who & why", 1),
        DocumentParagraph("Ask the office (https://ico.org.uk/), or us."),
        DocumentHeading("Kept", 2),
        Bullets(("a name", "an age")),
        DocumentTable(("Risk", "Measure"), (("Loss", "A backup"),)),
    )
