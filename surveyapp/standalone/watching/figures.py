"""The page of all figures, in the text that Prometheus reads, for whoever shows the token."""

import hmac

from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from werkzeug.wrappers import Request, Response

from surveyapp.standalone.watching.database_figures import DatabaseFigures
from surveyapp.standalone.watching.request_figures import RequestFigures


class Figures:
    """The figures of an app about its requests and its database."""

    def __init__(self, app: Flask, token: str) -> None:
        """Begin to count requests."""
        self._token = token.encode()
        self._requests = RequestFigures(app)
        self._database = CollectorRegistry()
        self._database.register(DatabaseFigures(app))

    def answer(self, asked: Request) -> Response:
        """The figures as text; to anybody without the token there is no such page."""
        shown = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(), self._token):
            return Response("There is no such page here.\n", 404)
        text = generate_latest(self._requests.registry_to_show()) + generate_latest(self._database)
        return Response(text, content_type=CONTENT_TYPE_LATEST)
