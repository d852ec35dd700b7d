"""Make .venv and install surveyapp into it, or say in one sentence what is missing.

Standard library only, and words that an old Python reads too: it runs before anything is installed.
    python3 assets/install.py [--dev] [--port 5000]
"""

import hashlib
import os
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
# What an installation depends on: when one of these changes it is made again.
MADE_FROM = ("pyproject.toml", "assets/build_hook.py", "assets/package-lock.json")


def say(sentence):
    """Say why it cannot go on, and stop."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def use_new_enough_python():
    """Go on under a Python that is new enough, where this one is not."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        try:
            os.execvp(name, [name] + sys.argv)
        except OSError:
            continue
    found = ".".join(str(part) for part in sys.version_info[:3])
    say("surveyapp needs Python 3.11 or newer, and this is Python " + found + ": install a newer one.")


def check_port(port):
    """Stop where another program has the port already."""
    with socket.socket() as here:
        here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            here.bind(("127.0.0.1", port))
        except OSError:
            say("Port {} is taken by another program: stop it, or run “make run PORT={}”.".format(port, port + 1))


def make_environment():
    """Make .venv where there is none that works."""
    python = os.path.join(VENV, "bin", "python")
    if os.path.exists(python) and subprocess.call([python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0:
        return python
    try:
        import ensurepip
        import venv
    except ImportError:
        say(
            "Python’s venv is missing: install it (on Debian and Ubuntu: apt install python3-venv), then try again."
        )
    print("Making .venv", flush=True)
    venv.create(VENV, with_pip=ensurepip is not None, clear=True)
    return python


def wanted(extra):
    """What an installation is made from, as one line to compare."""
    seen = hashlib.sha256()
    for name in MADE_FROM:
        with open(os.path.join(ROOT, name), "rb") as file:
            seen.update(file.read())
    return seen.hexdigest() + extra + "\n"


def install(python, extra):
    """Install the package, unless just this is installed already."""
    mark = os.path.join(VENV, "installed" + extra.strip("[]"))
    if os.path.exists(mark):
        with open(mark) as file:
            if file.read() == wanted(extra) and os.path.exists(os.path.join(ROOT, "surveyapp/static/survey/govuk")):
                return
    print("Installing surveyapp" + extra + " (a minute or two the first time)", flush=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", ROOT + extra]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        ours = [line for line in said if "surveyapp's pages" in line]
        errors = [line for line in said if line.startswith("ERROR")]
        say(ours[0] if ours else "pip could not install surveyapp: " + " ".join(errors or said[-3:]))
    with open(mark, "w") as file:
        file.write(wanted(extra))


def main():
    """Do all of it."""
    use_new_enough_python()
    if "--port" in sys.argv:
        check_port(int(sys.argv[sys.argv.index("--port") + 1]))
    install(make_environment(), "[dev]" if "--dev" in sys.argv else "")


main()
