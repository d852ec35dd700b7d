"""The server refuses wrong options in a sentence, and starts without a working stdout."""

import io
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.foundation.store.db import session
from surveyapp.standalone.__main__ import opening_sentences, say, server_for

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("port", ["abc", "0", "70000", "5000.5", "²"])
def test_an_invalid_port_is_refused_in_a_sentence(port: str) -> None:
    finished = subprocess.run(
        [sys.executable, ROOT / "assets" / "install.py", "--port", port],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert finished.returncode == 1
    assert finished.stderr == (
        f"“{port}” is no port: give a number from 1 to 65535, as in “make run PORT=5001”.\n"
    )


def test_the_server_starts_without_a_working_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("There is no /dev/full here.")
    full = io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True)
    monkeypatch.setattr(sys, "stdout", full)
    say("Open http://127.0.0.1:5000")


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104 — nothing is bound
        "::",
        "192.0.2.7",
        "2001:db8::1",
        "audits.partnership.example",
        "",
    ],
)
def test_the_server_says_to_use_a_proxy_when_it_listens_beyond_this_computer(host: str) -> None:
    advice, opened = opening_sentences(host, "http://audits.partnership.example")
    assert "behind a reverse proxy: see docs/hosting.md" in advice
    assert opened == "Open http://audits.partnership.example (stop with Ctrl-C)"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_the_server_needs_no_proxy_on_this_computer_alone(host: str) -> None:
    assert opening_sentences(host, "http://127.0.0.1:5000") == (
        "Open http://127.0.0.1:5000 (stop with Ctrl-C)",
    )


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the app on the server as it ships."""
    session.rollback()
    server = server_for(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # Closed by its own thread: another one would take the socket away while that thread waits for it.
    server.trigger.pull_trigger(server.close)
    thread.join(10)
    assert not thread.is_alive()


def test_the_server_hands_on_what_a_proxy_says_about_a_request(served: str) -> None:
    def health_page(**headers: str) -> str:
        asked = urllib.request.Request(f"{served}/health", headers=headers)  # noqa: S310 — our own server
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 — our own server
                return str(answer.read().decode())
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    assert "It has not run yet" in health_page()
    for headers in ({"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}):
        assert "It has not run yet" not in health_page(**headers)
