"""A client that sends raw requests to a running server."""

import http.client
import re
import socket
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"')
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_TEXTAREA = re.compile(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class PageResponse:
    """A response of the server."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def words(self) -> str:
        """The visible text on one line."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def boxes(self) -> dict[str, str]:
        """The text of each textarea by its name."""
        return {name: unescape(text) for name, text in _TEXTAREA.findall(self.text)}


@dataclass
class Visitor:
    """A simple browser that keeps cookies and the hidden fields of the last form."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def connection(self) -> http.client.HTTPConnection:
        """A connection of its own for each request."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        *,
        kind: str = FORM,
        headers: dict[str, str] | None = None,
    ) -> PageResponse:
        """Send exactly this request, without following redirects."""
        wire = self.connection()
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            sent["Content-Type"] = kind
        try:
            wire.request(method, path, body, {**sent, **(headers or {})})
            answer = wire.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            wire.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return PageResponse(answer.status, answer.headers, text)

    def get(self, path: str) -> PageResponse:
        """Fetch a page, and keep the hidden fields of its form."""
        page = self.ask("GET", path)
        found = dict(_HIDDEN.findall(page.text))
        token = _CSRF.search(page.text)
        if token:
            found["csrf_token"] = token[1]
        self.hidden = found or self.hidden
        return page

    def post(self, path: str, **fields: str) -> PageResponse:
        """Post fields with the hidden ones of the last page; in names `_` stands for `-` and `__` for `_`."""
        named = {
            name.replace("__", "\0").replace("_", "-").replace("\0", "_"): text
            for name, text in fields.items()
        }
        page = self.ask("POST", path, urlencode({**self.hidden, **named}))
        again = dict(_HIDDEN.findall(page.text))
        if again:
            token = _CSRF.search(page.text)
            self.hidden = again | ({"csrf_token": token[1]} if token else {})
        return page

    def starts(self, link: str) -> PageResponse:
        """Open a link from an email and press Start; returns the page to which it leads."""
        path = urlsplit(link).path
        self.get(path)
        answer = self.post("/start/", token=path.split("/")[2])
        assert answer.status == 303, answer.words
        return self.get(answer.headers["Location"])

    def cut_off(self, path: str, body: str, *, after: int) -> None:
        """Send a request's headers and the first bytes of its body, then hang up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\n"
                f"Content-Type: {FORM}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
            )
            wire.sendall(head.encode() + body.encode()[:after])
