"""Each request has an id: that of the trusted proxy, or a fresh one."""

import pytest
from flask import Flask

from tests.page_client import PageClient

OF_NGINX = "0f" * 16


def id_of(stranger: PageClient, sent: str) -> str:
    return str(stranger.get("/sign-in", headers={"X-Request-ID": sent}).headers["X-Request-ID"])


def test_a_request_has_an_id_of_its_own(stranger: PageClient) -> None:
    ids = {stranger.get("/sign-in").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert {len(name) for name in ids} == {32}


def test_a_visitors_id_counts_for_nothing_without_a_proxy(stranger: PageClient) -> None:
    assert id_of(stranger, OF_NGINX) != OF_NGINX


@pytest.mark.parametrize("theirs", [OF_NGINX, "6f9619ff-8b86-d011-b42d-00cf4fc964ff"])
def test_the_trusted_proxys_id_is_kept(app: Flask, stranger: PageClient, theirs: str) -> None:
    app.config["TRUSTED_PROXIES"] = 1
    assert id_of(stranger, theirs) == theirs


@pytest.mark.parametrize(
    "theirs",
    ["", "abc", "0" * 37, "a2b3c4d5e6f7g2h3i4j5k6l7m2n3o4p5q6r7", '"},{"x":"', "/r/abc"],
)
def test_what_no_proxy_makes_is_replaced(app: Flask, stranger: PageClient, theirs: str) -> None:
    app.config["TRUSTED_PROXIES"] = 1
    assert id_of(stranger, theirs) != theirs
