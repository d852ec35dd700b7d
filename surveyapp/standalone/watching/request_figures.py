"""Figures about requests for Prometheus: how many by endpoint, and how long they take."""

import os

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from surveyapp.standalone.watching.request_ids import seconds_so_far

# Of HTTP; any other word that somebody sends counts as “other”, since each word is a series of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
# In seconds. Most pages take hundredths, exports seconds.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def counts_several_processes() -> bool:
    """Whether the processes of a server share their figures, through files in PROMETHEUS_MULTIPROC_DIR."""
    return bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))


class RequestFigures:
    """The requests of an app: by endpoint, never by path, which may be a link (promises P9)."""

    def __init__(self, app: Flask) -> None:
        """Count the requests of `app` from now on."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "surveyapp_requests",
            "Requests answered.",
            ("endpoint", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "surveyapp_request_seconds",
            "Time from the first look at a request to its answer.",
            ("endpoint",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        app.after_request(self._count)

    def registry_to_show(self) -> CollectorRegistry:
        """The figures of this process, or of all that share a folder."""
        if not counts_several_processes():
            return self.registry
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
        return registry

    def _count(self, response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in _METHODS else "other"
        self._requests.labels(endpoint, method, str(response.status_code)).inc()
        self._seconds.labels(endpoint).observe(seconds_so_far())
        return response
