"""The pages of staff that links of the demonstration lead to, one of each address."""

import contextvars
import re
from collections import deque
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.page_client import PageClient

_LINK = re.compile(r'href="(/[^"#]*)')
# The last part of the address of a file, which may take seconds to make.
FILE = re.compile(r"\.\w+$")


@dataclass(frozen=True)
class CrawledPage:
    """One page, with the rule of the URL map to which its address belongs."""

    path: str
    rule: Rule
    html: str


def crawl(app: Flask, browser: PageClient, start: str = "/audits") -> dict[str, CrawledPage]:
    """The first page found of each endpoint of staff, by following links from `start`."""
    addresses = app.url_map.bind("localhost")
    found: dict[str, CrawledPage] = {}
    seen, waiting = {start}, deque([start])
    while waiting:
        path = waiting.popleft()
        try:
            rule, _values = addresses.match(urlsplit(path).path, return_rule=True)
        except HTTPException:
            continue
        if not rule.endpoint.startswith("survey.") or rule.endpoint in found or FILE.search(rule.rule):
            continue
        answer = contextvars.Context().run(browser.http.get, path)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        html = answer.get_data(as_text=True)
        found[rule.endpoint] = CrawledPage(path, rule, html)
        links = [unescape(link) for link in _LINK.findall(html)]
        waiting.extend(link for link in links if link not in seen)
        seen.update(links)
    return found
