"""Tells a request of this computer from one of the network."""

from flask import current_app, request

from surveyapp.foundation.loopback import is_loopback
from surveyapp.foundation.settings import settings

# What a proxy adds to a request that it passes on.
_PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via")


def is_own_request() -> bool:
    """Whether this request comes from this computer itself, and through no proxy.

    A proxy on this computer makes everybody's requests look like its own. One that adds no header cannot be
    told apart, so that where the pages have a public address it has to be configured (TRUSTED_PROXIES).
    """
    if any(name in request.headers for name in _PROXY_HEADERS):
        return False
    is_served = not is_loopback(settings().host)
    if is_served and not current_app.config["TRUSTED_PROXIES"]:
        return False
    return is_loopback(request.remote_addr or "")
