"""Takes a report or a brief through its release page: answers, approval asked for and given."""

import re

from werkzeug.test import TestResponse

from tests.page_client import PageClient

EXECUTIVE = "Joan Ellery"


def reasons_on(page: str, reason: str) -> dict[str, str]:
    """A reason for every flag without an answer."""
    return dict.fromkeys(re.findall(r'name="(reason-\w+)"', page), reason)


def content_of(page: str) -> str:
    """The digest of what a release page shows; empty if it has no button to approve it or to ask for that."""
    found = re.search(r'name="content" value="(\w+)"', page)
    return found[1] if found else ""


def answers_all(client: PageClient, address: str, reason: str = "Known.", *, to: str = "") -> None:
    """Keep every flag of the release page at `address`; `to` is where its reasons go, if not there."""
    client.post(to or address, reasons_on(client.get(address).text, reason))


def asks(client: PageClient, address: str, *, status: int = 303) -> TestResponse:
    """Ask for the approval of what the release page at `address` shows."""
    content = content_of(client.get(address).text)
    return client.post(f"{address}/ask", {"content": content}, status=status)


def approves(client: PageClient, address: str, *, content: str = "", status: int = 303) -> TestResponse:
    """Approve, as an executive, what the release page at `address` shows, or what it showed before."""
    executive = client.colleague(EXECUTIVE, "executive")
    seen = content or content_of(executive.get(address).text)
    return executive.post(f"{address}/approve", {"content": seen}, status=status)


def releases(client: PageClient, address: str, reason: str = "Known.", *, to: str = "") -> None:
    """Answer every flag, ask for approval, and approve."""
    answers_all(client, address, reason, to=to)
    asks(client, address)
    approves(client, address)
