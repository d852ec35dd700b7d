"""Core properties of Office files: title, author and language, with nothing left of the template."""

from typing import Any

from surveyapp.foundation.words.clean_text import clean_text

LONGEST_PROPERTY = 255  # in characters; Office cuts a longer title
LANGUAGE = "en-GB"


def write_properties(properties: Any, *, title: str, author: str, subject: str = "") -> None:  # noqa: ANN401 — python-docx’s and python-pptx’s own
    """Replace a file's core properties; those of a template name its own author, dates and description."""
    written = properties._element  # noqa: SLF001 — the public interface can set dates but not leave them out
    for element in list(written):
        written.remove(element)
    properties.title = clean_text(title)[:LONGEST_PROPERTY]
    properties.subject = clean_text(subject)[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = clean_text(author)[:LONGEST_PROPERTY]
    properties.language = LANGUAGE
