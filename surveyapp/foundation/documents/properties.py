"""What an Office file says of itself: its title and whose it is, and nothing of what it was made from."""

from typing import Any

from surveyapp.foundation.words.clean_text import clean_text

LONGEST_PROPERTY = 255  # what Office keeps of a title
LANGUAGE = "en-GB"


def write_properties(facts: Any, *, title: str, author: str, subject: str = "") -> None:  # noqa: ANN401 — python-docx’s and python-pptx’s own
    """Write a file's core properties anew, in place of those of the template it began as.

    A template brings its own author, last editor, days and description, a stranger's or the library's.
    """
    written = facts._element  # noqa: SLF001 — days can be set there, and not be left out
    for each in list(written):
        written.remove(each)
    facts.title, facts.subject = clean_text(title)[:LONGEST_PROPERTY], clean_text(subject)[:LONGEST_PROPERTY]
    facts.author = facts.last_modified_by = clean_text(author)[:LONGEST_PROPERTY]
    facts.language = LANGUAGE
