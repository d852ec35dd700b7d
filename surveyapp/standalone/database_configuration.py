"""Configures the standalone app’s database: SQLite on a local disk, or PostgreSQL."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.private_files import make_private_folder
from surveyapp.foundation.unencrypted_hosts import check_encrypted

# File systems on which locks fail and SQLite's file is damaged (promises D7).
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs", "fuse.rclone"}
)

# Connections that a process keeps open: one for each of its threads, eight at most, and one for the worker
# inside it. A thread has one at a time.
POOL_SIZE = 10
# Beyond them only if a thread asks for a second; it is closed after use.
MOST_BEYOND_POOL = 2
# Seconds that a thread waits for a connection before the page of a busy database is shown (promises D1).
POOL_PATIENCE = 10
# Seconds after which a connection is replaced, so that no firewall closes it first.
LONGEST_CONNECTION = 1800

# libpq's other modes encrypt without asking who is there, or not even that.
_VERIFY = "end the address with ?sslmode=verify-full&sslrootcert=system, or with the file of your authority"


def configure_database(app: Flask) -> None:
    """Check SQLALCHEMY_DATABASE_URI and set the engine's options. Raises CannotStart."""
    try:
        url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    except ArgumentError:
        raise CannotStart(
            "SQLALCHEMY_DATABASE_URI is no database address, such as sqlite:////srv/survey.sqlite."
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"hide_parameters": True}
    if url.drivername.startswith("postgresql"):
        _check_is_encrypted(url, app.config)
        options |= _postgresql_options(is_pooled=bool(app.config["DATABASE_POOLER"]))
    elif url.drivername.startswith("sqlite"):
        _prepare_sqlite(url)
    else:
        raise CannotStart(
            "surveyapp keeps its tables in SQLite or PostgreSQL; SQLALCHEMY_DATABASE_URI names neither."
        )
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    wanted = dict(app.config.get("SQLALCHEMY_ENGINE_OPTIONS") or {})
    # Whoever adds an argument for the driver keeps ours.
    wanted["connect_args"] = options.get("connect_args", {}) | dict(wanted.get("connect_args") or {})
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | wanted
    app.config["SQLALCHEMY_ECHO"] = False


def _check_is_encrypted(url: URL, config: Mapping[str, Any]) -> None:
    """Raise CannotStart if PostgreSQL is on another machine and its certificate is not verified.

    libpq takes from its environment what the address leaves out. A path is a socket of this machine.
    """
    wanted = dict((config.get("SQLALCHEMY_ENGINE_OPTIONS") or {}).get("connect_args") or {})
    # Of several machines, as for a fail-over, SQLAlchemy takes the ports off the names.
    arguments = dict(url.get_dialect()().create_connect_args(url)[1]) | wanted
    if arguments.get("sslmode", os.environ.get("PGSSLMODE")) == "verify-full":
        return
    for name, variable in (("host", "PGHOST"), ("hostaddr", "PGHOSTADDR")):
        hosts = arguments.get(name, os.environ.get(variable, ""))
        for host in hosts.split(",") if isinstance(hosts, str) else hosts:
            if not host.startswith(("/", "@")):
                check_encrypted("SQLALCHEMY_DATABASE_URI", host, _VERIFY, config)


def _postgresql_options(*, is_pooled: bool) -> dict[str, Any]:
    connect_args: dict[str, Any] = {"connect_timeout": 5}
    if is_pooled:
        # A statement prepared on one of the pooler’s connections is unknown on the next.
        connect_args["prepare_threshold"] = None
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": MOST_BEYOND_POOL,
        "pool_timeout": POOL_PATIENCE,
        "pool_recycle": LONGEST_CONNECTION,
        "connect_args": connect_args,
    }


def _prepare_sqlite(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise CannotStart(
            "SQLALCHEMY_DATABASE_URI names no file: what is only in memory is lost when the program stops."
        )
    folder = Path(url.database).absolute().parent
    try:
        make_private_folder(folder)
    except OSError as error:
        raise CannotStart(f"The folder {folder} for the database cannot be made: {error.strerror}.") from None
    # Not /proc/mounts, which a hardened service (ProcSubset=pid) does not have.
    kind = file_system_kind(folder, Path("/proc/self/mounts"))
    if kind in NETWORK_FILE_SYSTEMS:
        raise CannotStart(
            f"The database is on a network share ({kind}), where SQLite loses data: "
            "put it on a disk of this machine, or use PostgreSQL."
        )


def file_system_kind(folder: Path, mounts: Path) -> str:
    """The file system of a folder, from the system’s list of mounts; empty if that cannot be read."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    mounted = {parts[1].replace("\\040", " "): parts[2] for parts in lines if len(parts) > 2}  # noqa: PLR2004 — device, mount point, file system
    return next((mounted[str(path)] for path in (folder, *folder.parents) if str(path) in mounted), "")
