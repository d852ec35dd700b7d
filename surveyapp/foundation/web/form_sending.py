"""Sending a form so that a server or network out of reach costs nobody their text.

A browser that posts a form to the address of its own page puts the answer, or its own error page, in the
place of that page: Back then leads past the text. Forms are therefore posted to an address of their own, and
by a script where there is one (static/survey/send.js), which leaves the page only once the server has
answered (docs/decisions/sent-before-leaving.md).
"""

from urllib.parse import urlencode

from flask import Response, request

# The parameter by which the address that a form is posted to differs from the address of its page.
_SENT = "sent"
# The header with which send.js says that it sent the form.
SCRIPT_HEADER = "Survey-Sent-By"
_REDIRECTS = frozenset((301, 302, 303))


def send_address(address: str | None = None) -> str:
    """The address that a form is posted to: `address` or the page’s own, but never exactly the page’s."""
    path, query = request.script_root + request.path, request.query_string.decode("utf-8", "ignore")
    own = f"{path}?{query}" if query else path
    if address is not None and address != own:
        return address
    fields = [(name, value) for name, value in request.args.items(multi=True) if name != _SENT]
    if _SENT not in request.args:
        fields.append((_SENT, "1"))
    return f"{path}?{urlencode(fields)}" if fields else path


def is_sent_by_script() -> bool:
    """Whether send.js sent this form, and waits for the answer on the page."""
    return request.headers.get(SCRIPT_HEADER) == "script"


def name_next_page(response: Response) -> Response:
    """Tell send.js the next page instead of redirecting: a script cannot see where a redirect leads."""
    if is_sent_by_script() and response.status_code in _REDIRECTS:
        response.status_code = 200
        response.set_data(b"")
    return response
