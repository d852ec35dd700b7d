"""This machine's own addresses and names."""

import pytest

from surveyapp.foundation.loopback import is_loopback, is_unspecified


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "127.0.0.1",
        "127.1.2.3",
        "127.1",
        "2130706433",
        "0x7f.1",
        "::1",
        "[::1]",
        "mail.localhost",
        "::ffff:127.0.0.1",
    ],
)
def test_a_loopback_host_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "mail",
        "mail.northshire.gov.uk",
        "10.0.0.1",
        "::ffff:10.0.0.1",
        "0.0.0.0",  # noqa: S104 — nothing is bound
        "::",
        "localhost.northshire.gov.uk",
    ],
)
def test_any_other_host_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "0", "::", "[::]", "::ffff:0.0.0.0"])  # noqa: S104 — nothing is bound
def test_an_unspecified_address_is_nobodys(host: str) -> None:
    assert is_unspecified(host)


@pytest.mark.parametrize("host", ["", "mail", "127.0.0.1", "10.0.0.0", "::1"])
def test_any_other_host_is_specified(host: str) -> None:
    assert not is_unspecified(host)
