"""Compresses pages where a stranger cannot measure what they hold (docs/decisions/compression.md)."""

import gzip
from http import HTTPStatus

from flask import Request, Response, request

from surveyapp.foundation.settings import settings

# A shorter page hardly gains.
SHORTEST_PAGE = 1_000
# Nearly as short as the best, in a third of its time.
_LEVEL = 5


def accepts_gzip(asked: Request) -> bool:
    """Whether the browser takes gzip."""
    return asked.accept_encodings.quality("gzip") > 0


def compress_page(response: Response) -> Response:
    """Compress a page that a GET without a query string asks for; an `after_request` of an app of our own.

    Such a request holds nothing that the page could repeat, so nobody can guess at a secret of the page by
    what they add to an address and by how long the answer is (BREACH). A response that is compressed already
    stays as it is.
    """
    if not (
        settings().compress
        and request.method == "GET"
        and not request.query_string
        and response.status_code == HTTPStatus.OK
        and response.mimetype == "text/html"
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= SHORTEST_PAGE
    ):
        return response
    response.vary.add("Accept-Encoding")
    if accepts_gzip(request):
        response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
