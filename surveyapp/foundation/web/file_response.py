"""File downloads: never cached by a browser, and not built for a HEAD request."""

import io
from mimetypes import guess_type
from typing import IO

from flask import Response, request, send_file


def file_response(
    content: bytes | IO[bytes], mimetype: str, name: str, *, as_attachment: bool = True
) -> Response:
    """A response with a file, saved under `name`; an open file is closed once it is sent."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    answer = send_file(file, mimetype=mimetype, as_attachment=as_attachment, download_name=name)
    # Flask's header lets a browser keep the file; without it, the header of all our pages forbids that.
    del answer.headers["Cache-Control"]
    return answer


def answer_file_head() -> Response | None:
    """Answer a HEAD request for a file without building it, so that no export is recorded (promises P10).

    A `before_request` of every blueprint with downloads; None for any other request.
    """
    mimetype, _ = guess_type(request.path)
    if request.method != "HEAD" or mimetype is None:
        return None
    return Response(mimetype=mimetype)
