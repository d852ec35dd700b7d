"""Our stylesheets, scripts and icon, compressed, and kept by browsers for good under an address with a hash.

The hash is a folder in the address and stands for all files together, so that scripts find each other by
relative addresses. An address with another hash, as in a page that was open during an upgrade, leads to
today's file.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, current_app, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound

from surveyapp.foundation.settings import settings
from surveyapp.foundation.web.compression import accepts_gzip

FOLDER = Path(__file__).parents[2] / "static" / "survey"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
_HASH_LENGTH = 12
_BEST = 9


class ResponseForEverybody(Response):
    """A response that is the same whoever asks, whatever the app has read from the cookie or put into it.

    Otherwise the browser would ask for each file again whenever its cookie changes, as at signing in.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they are sent, without those about cookies."""
        headers = super().get_wsgi_headers(environ)
        headers["Vary"] = "Accept-Encoding"
        headers.remove("Set-Cookie")
        return headers


@dataclass(frozen=True)
class StaticFile:
    """One file, as it is and compressed."""

    content: bytes
    compressed: bytes
    mimetype: str
    hash: str


@dataclass(frozen=True)
class StaticFiles:
    """All files by their names below the folder, and the hash of all of them."""

    by_name: dict[str, StaticFile]
    hash: str


def read_static_files(folder: Path) -> StaticFiles:
    """Read and compress every file below a folder."""
    by_name = {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    names_and_hashes = "".join(f"{name} {file.hash}\n" for name, file in by_name.items())
    return StaticFiles(by_name, _hash(names_and_hashes.encode()))


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    mimetype = guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(content, gzip.compress(content, _BEST, mtime=0), mimetype, _hash(content))


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:_HASH_LENGTH]


@cache
def _files_at_start() -> StaticFiles:
    return read_static_files(FOLDER)


def _files() -> StaticFiles:
    # While somebody works on the files, each page shows them as they are.
    return read_static_files(FOLDER) if current_app.debug else _files_at_start()


def static_blueprint() -> Blueprint:
    """The blueprint of the files, which adds the hash to addresses that `url_for` makes."""
    blueprint = Blueprint("survey_static", __name__)
    blueprint.add_url_rule("/survey-static/v/<string:version>/<path:filename>", "static", show_static_file)
    blueprint.add_url_rule("/survey-static/<path:filename>", "static", show_static_file)
    blueprint.url_defaults(_add_hash)
    return blueprint


def _add_hash(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "survey_static.static":
        values.setdefault("version", _files().hash)


def show_static_file(filename: str, version: str = "") -> Response:
    """Send a file. Raises NotFound."""
    files = _files()
    file = files.by_name.get(filename)
    if file is None:
        raise NotFound
    compressed = settings().compress and accepts_gzip(request)
    response = ResponseForEverybody(file.compressed if compressed else file.content, mimetype=file.mimetype)
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_GOOD if version == files.hash else ASK_EACH_TIME
    response.set_etag(f"{file.hash}-gzip" if compressed else file.hash)
    response.make_conditional(request)
    return response
