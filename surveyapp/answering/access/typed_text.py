"""What a person typed on a page whose questions cannot be shown again, as plain text to read and copy."""

from flask import request

# Fields that our pages send by themselves: nobody typed them.
SENT_BY_PAGE = ("submission-id", "seen-version", "page-mark", "next-step", "pasted-link")
_NOT_SHOWN = {*SENT_BY_PAGE, "csrf_token", "proof-code", "proof-send", "child", "continues", "looked-at"}


def typed_text() -> str:
    """The posted fields that hold text, each below its name; empty if there is none."""
    typed = (
        f"{name.replace('_', ' ').replace('-', ': ')}\n{text.strip()}"
        for name, text in request.form.items(multi=True)
        if name not in _NOT_SHOWN and not name.startswith("seen-version-") and text.strip()
    )
    return "\n\n".join(typed)
