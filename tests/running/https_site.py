"""surveyapp as deploy/ runs it: gunicorn behind nginx with TLS, on ports of this machine alone."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.bench.served import free_port
from tests.faults.certificates import write_certificate
from tests.faults.served.visitor import Visitor
from tests.running.tools import DEPLOY, program, shipped_settings

METRICS_TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 — of a test
HOST = "audits.partnership.example"
ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds
# What surrounds a site in Debian’s nginx.conf, with every path in a folder of the test.
_AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/nginx-access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def write_nginx_settings(folder: Path, *, plain: int, secure: int, behind: int) -> Path:
    """Write the site that ships, with only its ports and paths changed; returns the file to give to nginx."""
    site = (DEPLOY / "nginx-site.conf").read_text("utf-8")
    # Each is there, or the test would run another site than the one that ships.
    for ours, theirs in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("listen [::]:443 ssl;", ""),
        ("/etc/surveyapp/tls/fullchain.pem", f"{folder}/cert.pem"),
        ("/etc/surveyapp/tls/privkey.pem", f"{folder}/key.pem"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{behind}"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert ours in site, f"deploy/nginx-site.conf no longer has {ours}"
        site = site.replace(ours, theirs)
    (folder / "site.conf").write_text(site, "utf-8")
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder), "utf-8")
    write_certificate(folder, name=HOST, days=5)
    return folder / "nginx.conf"


class LoopbackConnection(http.client.HTTPSConnection):
    """A connection by TLS to the site’s name, at a port of this machine."""

    def __init__(self, certificate: Path, port: int) -> None:
        """`certificate` is the one to trust."""
        self.trusted = ssl.create_default_context(cafile=str(certificate))
        super().__init__(HOST, timeout=PATIENCE, context=self.trusted)
        self.local = ("127.0.0.1", port)

    def connect(self) -> None:
        """Connect, and check the certificate against the name."""
        plain = socket.create_connection(self.local, timeout=PATIENCE)
        self.sock = self.trusted.wrap_socket(plain, server_hostname=HOST)


@dataclass
class SecureVisitor(Visitor):
    """A visitor who comes by TLS."""

    certificate: Path = Path()

    def connection(self) -> http.client.HTTPConnection:
        """A connection through nginx."""
        return LoopbackConnection(self.certificate, self.port)


@dataclass
class HttpsSite:
    """The app by gunicorn and the site in nginx, on a database of their own in `folder`."""

    folder: Path
    plain: int = field(default_factory=free_port)
    secure: int = field(default_factory=free_port)
    behind: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The settings that ship, in this folder; nobody here has a device for a second factor."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
        ours = {
            "SURVEYAPP_FOLDER": str(self.folder / "var"),
            "SURVEYAPP_BIND": f"127.0.0.1:{self.behind}",
            "FLASK_SECOND_FACTOR_FOR": "",
        }
        return {**clean, **shipped_settings(), **ours, **self.settings}

    @property
    def config(self) -> dict[str, Any]:
        """The settings of an app in the test’s process, which makes rows for the server to show."""
        return {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.folder / 'var' / 'data' / 'surveyapp.sqlite'}",
            "SURVEY_KEY_FILE": str(self.folder / "var" / "keys.json"),
            "SURVEY_PUBLIC_BASE_URL": f"https://{HOST}",
        }

    def survey(self, *arguments: str) -> str:
        """Run a command of surveyapp; returns its output."""
        command = [sys.executable, "-m", "flask", "--app", "surveyapp.standalone.app:create_app", "survey"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=False,
            text=True,
            capture_output=True,
        )
        assert done.returncode == 0, f"survey {' '.join(arguments)} said: {done.stdout}{done.stderr}"
        return done.stdout

    def open(self) -> None:
        """Start gunicorn and nginx, and wait until a page comes through both."""
        nginx = program("nginx", "nginx-light")
        settings = write_nginx_settings(self.folder, plain=self.plain, secure=self.secure, behind=self.behind)
        self.start_app()
        self._start("nginx", nginx, "-c", str(settings), "-p", str(self.folder))
        self.wait_for_page()

    def start_app(self) -> None:
        """Start gunicorn with the settings that ship."""
        self._start("app", sys.executable, "-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py"))

    def stop_app(self) -> None:
        """Stop gunicorn, and wait until it has stopped."""
        self.running["app"].terminate()
        self.running.pop("app").wait(PATIENCE)

    def _start(self, log: str, *command: str) -> None:
        with (self.folder / f"{log}.log").open("ab") as written:
            started = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=written, stderr=subprocess.STDOUT
            )
        self.running[log] = started

    def wait_for_page(self) -> None:
        """Wait until the sign-in page comes through nginx."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if self.visitor().get("/sign-in").status == HTTPStatus.OK:
                    return
            except OSError:
                pass
            gone = [name for name, process in self.running.items() if process.poll() is not None]
            assert gone == [], self.logs
            assert time.monotonic() < end, self.logs
            time.sleep(0.1)

    def visitor(self) -> "SecureVisitor":
        """A visitor without cookies."""
        return SecureVisitor(self.secure, certificate=self.folder / "cert.pem")

    @property
    def logs(self) -> dict[str, str]:
        """Every log of nginx and of the app, by name."""
        files = [*self.folder.glob("*.log"), *(self.folder / "var").glob("*.log")]
        return {file.name: file.read_text("utf-8", "replace") for file in files}

    def close(self) -> None:
        """Stop what was started, nginx first."""
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            process.wait(PATIENCE)
