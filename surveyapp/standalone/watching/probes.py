"""What machines ask by any name: /ready for load balancers, and /metrics for Prometheus."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request, Response

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.db import engine, read_transaction
from surveyapp.foundation.store.schema import check_schema

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from surveyapp.standalone.watching.figures import Figures

SHORTEST_TOKEN = 32
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def answer_probes(app: Flask) -> None:
    """Answer /ready and, where METRICS_TOKEN is set, /metrics before the app. Raises CannotStart.

    Load balancers and Prometheus ask a machine by its own address, which the app refuses (TRUSTED_HOSTS).
    """
    token = str(app.config["METRICS_TOKEN"] or "")
    if token and len(token) < SHORTEST_TOKEN:
        raise CannotStart(f"METRICS_TOKEN is short: give {SHORTEST_TOKEN} random characters or more.")
    if token and find_spec("prometheus_client") is None:
        raise CannotStart("METRICS_TOKEN needs one more package: pip install “surveyapp[metrics]”.")
    figures = None
    if token:
        from surveyapp.standalone.watching.figures import Figures  # noqa: PLC0415 — prometheus_client is an extra

        figures = Figures(app, token)
    app.wsgi_app = Probes(app, app.wsgi_app, figures)  # type: ignore[method-assign]


class Probes:
    """A WSGI app in front of another one."""

    def __init__(self, app: Flask, behind: "WSGIApplication", figures: "Figures | None") -> None:
        """`behind` answers every other address."""
        self._app, self._behind, self._figures = app, behind, figures

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, or pass on."""
        path = environ.get("PATH_INFO")
        asked = Request(environ)
        if asked.method not in {"GET", "HEAD"}:
            return self._behind(environ, start_response)
        if path == "/ready":
            answer = self._ready()
        elif path == "/metrics" and self._figures is not None:
            answer = self._figures.answer(asked)
        else:
            return self._behind(environ, start_response)
        answer.headers.extend(HEADERS)
        return answer(environ, start_response)

    def _ready(self) -> Response:
        """200 while pages can be served: the database answers and its tables fit.

        Mail, worker and disk are left to /health: taking a machine out because the mail server is away would
        end every page.
        """
        try:
            # Only read: on SQLite a probe would take the write lock, or wait for whoever has it.
            with self._app.app_context(), read_transaction():
                check_schema(engine())
        except (CannotStart, SQLAlchemyError):
            return Response("not ready\n", 503)
        return Response("ready\n")
