"""The files of deploy/ are what their own programs accept, and fit the app."""

import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from surveyapp.foundation.settings_list import SETTINGS
from surveyapp.foundation.web.request_checks import LARGEST_BODY, LARGEST_STAFF_UPLOAD
from surveyapp.standalone.__main__ import THREADS
from surveyapp.standalone.configuration import STANDALONE_SETTINGS
from surveyapp.standalone.database_configuration import POOL_SIZE
from tests.bench.served import free_port
from tests.running.https_site import write_nginx_settings
from tests.running.tools import DEPLOY, program, shipped_settings

UNITS = sorted(DEPLOY.glob("surveyapp-*.service")) + sorted(DEPLOY.glob("surveyapp-*.timer"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
# systemd’s exposure of a service: 0 is the least, 10 the most; it calls up to 2 “OK”.
MOST_EXPOSURE = 15
# Of Flask and Flask-Mail.
OTHERS = {
    "MAIL_SERVER",
    "MAIL_PORT",
    "MAIL_USE_TLS",
    "MAIL_USERNAME",
    "MAIL_PASSWORD",
    "SQLALCHEMY_DATABASE_URI",
}


def test_there_are_a_web_server_a_worker_and_a_backup_with_its_timer() -> None:
    assert {unit.name for unit in UNITS} == {
        "surveyapp-web.service",
        "surveyapp-worker.service",
        "surveyapp-backup.service",
        "surveyapp-backup.timer",
    }


def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    analyse = program("systemd-analyze", "systemd")
    for unit in UNITS:
        shutil.copy(unit, tmp_path)
    done = subprocess.run(
        [analyse, "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if "surveyapp" in line]
    # On a machine without an installation, the programs are not there; anything else is a mistake.
    assert [line for line in said if "/opt/surveyapp/current/" not in line] == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_systemd_finds_little_that_a_service_could_harm(unit: Path, tmp_path: Path) -> None:
    analyse = program("systemd-analyze", "systemd")
    shutil.copy(unit, tmp_path)
    done = subprocess.run(
        [analyse, "security", "--offline=true", f"--threshold={MOST_EXPOSURE}", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_runs_as_surveyapp_and_writes_nowhere_but_into_its_own_folders(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    for needed in (
        "User=surveyapp",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "UMask=0077",
    ):
        assert needed in lines
    written = [
        line for line in lines if line.startswith(("ReadWritePaths=", "StateDirectory=", "RuntimeDirectory="))
    ]
    assert set(written) <= {
        "StateDirectory=surveyapp",
        "RuntimeDirectory=surveyapp",
        "ReadWritePaths=/var/backups/surveyapp",
    }


def test_nginx_accepts_the_site(tmp_path: Path) -> None:
    nginx = program("nginx", "nginx-light")
    settings = write_nginx_settings(tmp_path, plain=free_port(), secure=free_port(), behind=free_port())
    done = subprocess.run(
        [nginx, "-t", "-c", settings, "-p", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('the "user" directive makes sense only', "")


def test_no_log_of_nginx_has_an_address_a_referrer_or_a_query() -> None:
    site = (DEPLOY / "nginx-site.conf").read_text("utf-8")
    (logged,) = re.findall(r"log_format surveyapp '([^']+)'", site)
    assert not set(re.findall(r"\$\w+", logged)) & {
        "$request",
        "$request_uri",
        "$uri",
        "$document_uri",
        "$args",
        "$query_string",
        "$http_referer",
        "$is_args",
    }
    for server in site.split("server {")[1:]:
        assert re.findall(r"access_log (.*);", server) == ["/var/log/nginx/surveyapp.log surveyapp"]
        assert re.findall(r"error_log (.*);", server) == ["/dev/null emerg"]


def test_nginx_lets_in_what_surveyapp_takes_so_that_surveyapp_answers_for_its_own_limits() -> None:
    site = (DEPLOY / "nginx-site.conf").read_text("utf-8")
    (largest,) = re.findall(r"client_max_body_size (\d+)m;", site)
    (in_memory,) = re.findall(r"client_body_buffer_size (\d+)m;", site)
    assert LARGEST_STAFF_UPLOAD < int(largest) * 2**20 < 2 * LARGEST_STAFF_UPLOAD
    assert int(in_memory) * 2**20 >= LARGEST_BODY, "Answers would be written into a file of nginx."


def test_the_settings_that_ship_exist_and_read_the_same_in_systemd_and_in_a_shell(tmp_path: Path) -> None:
    text = (DEPLOY / "surveyapp.env").read_text("utf-8")
    lines = [line.removeprefix("#") for line in text.splitlines() if re.match(r"#?[A-Z_]+=", line)]
    # In single quotes both take everything but an apostrophe as it stands.
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+='[^'\\]*'", line)] == []
    known = {setting.name for setting in (*SETTINGS, *STANDALONE_SETTINGS)} | OTHERS
    assert {line.partition("=")[0].removeprefix("FLASK_") for line in lines} <= known
    (tmp_path / "all.env").write_text("\n".join(lines), "utf-8")
    shown = subprocess.run(
        ["sh", "-c", f"set -a; . {tmp_path}/all.env; env -0"], env={}, capture_output=True, check=True
    )
    in_shell = dict(pair.split("=", 1) for pair in shown.stdout.decode().split("\0") if "=" in pair)
    assert {name: in_shell[name] for name in shipped_settings()} == shipped_settings()


def test_no_process_has_more_threads_than_connections_to_the_database() -> None:
    threads = int(runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["threads"])
    # One more for the worker inside a web process.
    assert max(threads, THREADS) + 1 <= POOL_SIZE


def test_gunicorn_believes_no_forwarded_header_and_keeps_no_access_log() -> None:
    settings = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    assert (settings["forwarded_allow_ips"], settings["accesslog"], settings["preload_app"]) == (
        "",
        None,
        False,
    )
    assert settings["max_requests_jitter"] > 0
    (stop,) = re.findall(r"TimeoutStopSec=(\d+)", (DEPLOY / "surveyapp-web.service").read_text("utf-8"))
    assert int(stop) > settings["graceful_timeout"]


@pytest.mark.parametrize("script", ["install.sh", "surveyapp", "back-up"])
def test_every_script_is_one_that_a_posix_shell_can_read(script: str) -> None:
    done = subprocess.run(["sh", "-n", DEPLOY / script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if script != "install.sh":
        assert os.access(DEPLOY / script, os.X_OK)
