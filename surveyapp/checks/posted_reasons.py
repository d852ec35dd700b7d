"""The reasons typed beside the flags of a brief or a report, as a page sends them."""

from typing import Any

from surveyapp.foundation.words.clean_text import clean_text


def posted_reasons(form: Any) -> dict[str, str]:  # noqa: ANN401 — the request’s own fields
    """The reasons typed on the page, by the mark of their flag; a field is named “reason-” and the mark."""
    names = [name for name in form if name.startswith("reason-")]
    return {clean_text(name.removeprefix("reason-")): clean_text(form.get(name, "")) for name in names}
