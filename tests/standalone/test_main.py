"""The server refuses wrong options in a sentence, and starts without a working stdout."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from surveyapp.standalone.__main__ import say

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
