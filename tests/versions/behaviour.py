"""Writes how a checkout behaves with the demonstration as JSON: run `python behaviour.py FILE` inside it.

The clock stands still and randomness is repeatable, so two runs of one version write the same file. It uses
only what every version has: the commands, the addresses of pages, the mail folder and the database.
"""

import hashlib
import io
import json
import os
import random
import re
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import flask.cli
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ENDINGS = ("xlsx", "csv", "json", "docx", "pdf", "returns.pdf", "zip", "pptx")
MOST_PAGES = 1_000
# The hash of stylesheets and scripts in their addresses.
STATIC = re.compile("/survey-static/v/[0-9a-f]+/")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# What a page carries to detect concurrent edits; how it is made may change from one version to the next.
DIGEST = re.compile(r'(name="(?:seen|digest-\d+)"[^>]*?) value="[^"]*"')
LINK = re.compile(r'href="(/[^"#]*)')


def make_randomness_repeatable() -> None:
    """Make every run draw the same random bytes."""
    drawn = random.Random(2014)  # noqa: S311 — repeatable, not secret
    os.urandom = drawn.randbytes
    random._urandom = drawn.randbytes  # type: ignore[attr-defined]  # noqa: SLF001 — secrets reads it there
    secrets.token_bytes = lambda nbytes=32: drawn.randbytes(nbytes or 32)
    secrets.token_hex = lambda nbytes=32: drawn.randbytes(nbytes or 32).hex()
    random.seed(2014)


def content(file: bytes) -> object:
    """The content of a file: an archive by member, a PDF without dates, any other as a digest."""
    if file.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(file))
        drawn = [page.get_contents() for page in reader.pages]
        return {
            "text": [page.extract_text() for page in reader.pages],
            "drawing": [hashlib.sha256(part.get_data() if part else b"").hexdigest() for part in drawn],
            "facts": {key: str(value) for key, value in (reader.metadata or {}).items() if "Date" not in key},
            "parts": len(reader.outline),
        }
    if not zipfile.is_zipfile(io.BytesIO(file)):
        return hashlib.sha256(file).hexdigest()
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        # The checksums in an archive depend on the time at which its files were made.
        return {name: content(archive.read(name)) for name in archive.namelist() if name != "SHA256SUMS"}


def commands(app: Flask, folder: Path) -> dict[str, object]:
    """The output of the commands, and the content of the files that they write."""
    run = app.test_cli_runner()
    printed = {
        line: run.invoke(args=["survey", *line.split()]).output
        for line in (
            "upgrade", "check-forms", "demo", "status 1 --json", "collate 1 --json", "chasers 1 --json",
            "chasers 1 --on 2026-12-01 --json", "status 1", "collate 1", "mail",
        )
    }  # fmt: skip
    printed["collate --case"] = run.invoke(
        args=["survey", "collate", "1", "--case", "Child 1", "--json"]
    ).output
    files: dict[str, object] = {}
    for ending in ENDINGS:
        file = folder / f"audit.{ending}"
        printed[f"export {ending}"] = run.invoke(args=["survey", "export", "1", "--to", str(file)]).output
        files[ending] = content(file.read_bytes()) if file.exists() else "not written"
    printed["work --once"] = run.invoke(args=["survey", "work", "--once"]).output
    return {"printed": printed, "files": files}


def database(file: Path) -> dict[str, object]:
    """The tables with their columns and constraints, and all rows."""
    with sqlite3.connect(file) as connection:
        laid_out = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for name, sql in laid_out if str(sql).startswith("CREATE TABLE")]
        rows = {
            name: sorted(map(str, connection.execute(f'SELECT * FROM "{name}"')))  # noqa: S608 — our own tables
            for name in tables
        }
    # A table that a migration recreated may list its constraints in another order.
    lines = {name: sorted(line.strip(" ,") for line in str(sql).splitlines()) for name, sql in laid_out}
    return {"schema": lines, "rows": rows}


def pages(browser: FlaskClient, start: str) -> dict[str, object]:
    """Every page that links reach from `start`, without form tokens."""
    answers: dict[str, object] = {}
    waiting = deque([start])
    while waiting and len(answers) < MOST_PAGES:
        address = waiting.popleft().replace("&amp;", "&")
        if address in answers or "/survey-static/" in address or address.startswith("/static"):
            continue
        answer = browser.get(address)
        headers = {
            name: value for name, value in answer.headers if name not in {"Set-Cookie", "Content-Length"}
        }
        if answer.mimetype != "text/html":
            answers[address] = [answer.status_code, headers, content(answer.data)]
            continue
        text = DIGEST.sub(r"\1", TOKEN.sub('name="csrf_token"', STATIC.sub("/survey-static/", answer.text)))
        # Tags and words one by one: the space between them is no part of what a page says.
        words = [" ".join(part.split()) for part in re.split(r"(<[^>]+>)", text) if part.strip()]
        answers[address] = [answer.status_code, headers, words]
        waiting.extend(LINK.findall(answer.text))
        if answer.location:
            waiting.append(answer.location)
    return answers


def signed_in(app: Flask) -> FlaskClient:
    """The browser of a member of staff who has signed in."""
    run = app.test_cli_runner()
    password = "three words of a test"  # noqa: S105 — of a test
    words = ["survey", "staff", "add", "lead@partnership.example", "--name", "Ann Lee"]
    run.invoke(args=words, input=f"{password}\n")
    browser = app.test_client()
    token = TOKEN.search(browser.get("/sign-in").text)
    form = {"email": "lead@partnership.example", "password": password}
    browser.post("/sign-in", data={**form, "csrf_token": token[1] if token else ""})
    return browser


def contact_with_link(app: Flask, mail: Path) -> tuple[FlaskClient, str]:
    """A contact's browser after Start, by the link of the first email that has one, and the next address."""
    from email import message_from_bytes, policy  # noqa: PLC0415 — before the clock stands still

    for file in sorted(mail.glob("*.eml"), key=lambda file: int(file.stem)):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        found = re.search(r"http://[^/\s]+(/\S+)", body.get_content()) if body else None
        if not found:
            continue
        browser = app.test_client()
        landing = browser.get(found[1])
        form = dict(re.findall(r'name="([^"]+)"[^>]* value="([^"]*)"', landing.text))
        action = re.search(r'<form[^>]*action="([^"]+)"', landing.text)
        answer = browser.post(action[1] if action else found[1], data=form)
        if answer.status_code in {302, 303}:
            return browser, str(answer.location)
    raise LookupError("no email has a link")


def upgrade(folder: Path) -> None:
    """Make the tables in another process, since the app refuses a database without them."""
    own = {
        "FLASK_SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'survey.sqlite'}",
        "FLASK_SURVEY_KEY_FILE": str(folder / "keys.json"),
        "FLASK_SURVEY_MAIL_FOLDER": str(folder / "mail"),
        "SURVEYAPP_FOLDER": str(folder),
        "PYTHONHASHSEED": "0",
    }
    # Runs this file again, so that randomness is repeatable there too: the first start makes the keys.
    command = [sys.executable, __file__, "upgrade"]
    subprocess.run(command, check=True, env={**os.environ, **own}, capture_output=True)


def main(out: Path) -> None:
    """Collect the behaviour of this checkout and write it to `out`."""
    make_randomness_repeatable()
    from surveyapp.standalone.app import create_app  # noqa: PLC0415 — with randomness as above

    with tempfile.TemporaryDirectory() as name, time_machine.travel(NOW, tick=False):
        folder = Path(name)
        upgrade(folder)
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'survey.sqlite'}",
                "SURVEY_KEY_FILE": str(folder / "keys.json"),
                "SURVEY_MAIL_FOLDER": str(folder / "mail"),
                "SURVEY_WORKER": False,
                "SECRET_KEY": "a secret of tests that is long enough",
            }
        )
        behaviour = {
            "routes": sorted(
                f"{rule.rule} {sorted(rule.methods or ())}" for rule in app.url_map.iter_rules()
            ),
            "settings": {
                key: str(value).replace(name, "FOLDER") for key, value in sorted(app.config.items())
            },
            "commands": sorted(app.cli.commands["survey"].commands),  # type: ignore[attr-defined]
            "migrations": sorted(
                line
                for file in Path("migrations/versions").glob("*.py")
                for line in file.read_text("utf-8").splitlines()
                if line.startswith(("revision", "down_revision"))
            ),
            **commands(app, folder),
            "database": database(folder / "survey.sqlite"),
            "emails": {
                file.name: file.read_text("utf-8").splitlines()
                for file in sorted((folder / "mail").glob("*.eml"))
            },
            "staff pages": pages(signed_in(app), "/"),
        }
        browser, start = contact_with_link(app, folder / "mail")
        behaviour["contact pages"] = pages(browser, start)
        text = json.dumps(behaviour, indent=1, sort_keys=True, default=str, ensure_ascii=False)
        out.write_text(text.replace(name, "FOLDER").replace(str(Path.cwd()), "CHECKOUT"), "utf-8")


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Some random choices follow the order of sets, which has to be the same in every run.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 — this program
    if sys.argv[1] == "upgrade":
        make_randomness_repeatable()
        with time_machine.travel(NOW, tick=False):
            sys.argv = ["flask", "--app", "wsgi", "survey", "upgrade"]
            flask.cli.main()
    main(Path(sys.argv[1]))
