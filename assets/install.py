"""Makes .venv and installs surveyapp into it, or prints in one sentence what is missing.

It runs before anything is installed: standard library only, and syntax that Python 3.7 can parse.
    python3 assets/install.py [--dev] [--port 5000]
"""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
LARGEST_PORT = 65535
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
# The installation is repeated when one of these files changes.
MADE_FROM = ("pyproject.toml", "assets/build_hook.py", "assets/package-lock.json")


def say(sentence: str) -> None:
    """Print a sentence at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def use_new_enough_python() -> None:
    """Restart under a newer Python if this one is too old; exit if there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        try:
            os.execvp(name, [name, *sys.argv])  # noqa: S606 — ourselves, under another Python
        except OSError:
            continue
    sys.exit(
        f"surveyapp needs Python 3.11 or newer, and this is {sys.version.split()[0]}: install a newer one."
    )


def parse_port(text: str) -> int:
    """The port number in a text; exits for a text that is none."""
    port = int(text) if text.isascii() and text.isdigit() and len(text) <= len("65535") else 0
    if not 0 < port <= LARGEST_PORT:
        sys.exit(f"“{text}” is no port: give a number from 1 to {LARGEST_PORT}, as in “make run PORT=5001”.")
    return port


def check_port(port: int) -> None:
    """Exit if another program uses the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken by another program: stop it, or run “make run PORT={port + 1}”.")


def make_environment() -> Path:
    """Make .venv unless it exists and works; returns the path of its Python."""
    python = VENV / "bin" / "python"
    if (
        python.exists()
        and subprocess.run(
            [python, "-m", "pip", "--version"], check=False, stdout=subprocess.DEVNULL
        ).returncode
        == 0
    ):
        return python
    try:
        import ensurepip  # noqa: F401, PLC0415 — Debian has them in a package of their own
        import venv  # noqa: PLC0415 — likewise
    except ImportError:
        sys.exit("Python’s venv is missing: install it (on Debian and Ubuntu: apt install python3-venv).")
    say("Making .venv")
    venv.create(VENV, with_pip=True, clear=True)
    return python


def installation_fingerprint(extra: str) -> str:
    """A hash of the files that an installation depends on, and the extras."""
    digest = hashlib.sha256()
    for name in MADE_FROM:
        digest.update((ROOT / name).read_bytes())
    return f"{digest.hexdigest()} {extra}\n"


def install(python: Path, extra: str) -> None:
    """Install the package with its extras, unless the same installation exists already."""
    marker = VENV / f"installed{extra.strip('[]')}"
    is_installed = marker.exists() and (ROOT / "surveyapp/static/survey/govuk").exists()
    if is_installed and marker.read_text() == installation_fingerprint(extra):
        return
    say(f"Installing surveyapp{extra} (a minute or two the first time)")
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--editable",
        f"{ROOT}{extra}",
    ]
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        ours = [line for line in lines if "surveyapp's pages" in line]
        errors = [line for line in lines if line.startswith("ERROR")]
        sys.exit(ours[0] if ours else "pip could not install surveyapp: " + " ".join(errors or lines[-3:]))
    marker.write_text(installation_fingerprint(extra))


def main() -> None:
    """Check Python and port, make the environment, install."""
    use_new_enough_python()
    if "--port" in sys.argv:
        check_port(parse_port(sys.argv[sys.argv.index("--port") + 1]))
    install(make_environment(), "[dev]" if "--dev" in sys.argv else "")


main()
