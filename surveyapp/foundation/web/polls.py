"""Requests that an open page sends by itself: nobody pressed anything, so they are no use of the app."""

from flask import request

# The endpoints that pages poll.
POLLED = frozenset({"survey.tracking.follow_audit", "example.follow"})


def is_poll() -> bool:
    """Whether the request under way is sent by an open page itself.

    It keeps no session alive, or a page left open would never be signed out.
    """
    return request.endpoint in POLLED
