"""PostgreSQL clusters of a test's own, which it stops, crashes and fails over.

The server on port 5432 serves every test at once, so no test may stop it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.bench.served import free_port

_PROGRAMS = Path("/usr/lib/postgresql")
# PostgreSQL refuses to run as root.
_OWNER = "postgres"


def programs() -> Path:
    """The folder of the newest PostgreSQL’s programs; skips the test where there is none, fails it in CI."""
    found = sorted(_PROGRAMS.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found:
        assert not os.environ.get("CI"), "In CI the programs of PostgreSQL are installed: see .ci/run."
        pytest.skip(f"There are no programs of PostgreSQL in {_PROGRAMS} to start a server of our own with.")
    return found[-1]


class PostgresqlCluster:
    """One PostgreSQL server in a folder of its own, on a port of its own."""

    def __init__(self, *, copied_from: "PostgresqlCluster | None" = None) -> None:
        """Make and start a server; one that is copied follows the other as its synchronous standby."""
        self.programs, self.port = programs(), free_port()
        # Not below pytest's own folder, which nobody but its owner may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="survey-cluster-", dir="/var/tmp"))
        if os.getuid() == 0:
            shutil.chown(self.folder, _OWNER)
        self.data = self.folder / "data"
        if copied_from is None:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync")
        else:
            source = ["-h", "127.0.0.1", "-p", copied_from.port, "-U", "postgres"]
            self._run("pg_basebackup", *source, "-D", self.data, "-R", "--no-sync", "-c", "fast")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} -h 127.0.0.1"
        self._run(
            "pg_ctl", "-D", self.data, "-o", options, "-l", self.folder / "log", "-t", "60", "-w", "start"
        )

    def stop(self, how: str = "fast") -> None:
        """Stop the server: “fast” ends every connection, “immediate” is as if it had crashed."""
        self._run("pg_ctl", "-D", self.data, "-m", how, "-t", "60", "-w", "stop")

    def promote(self) -> None:
        """Let a standby take over."""
        self._run("pg_ctl", "-D", self.data, "-t", "60", "-w", "promote")

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements with psql; returns what it prints."""
        commands = [part for statement in statements for part in ("-c", statement)]
        connect = ["-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-d", database]
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *connect, *commands)

    def url(self, database: str) -> str:
        """The address of a database of this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def remove(self) -> None:
        """Stop the server and delete its files."""
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> str:
        command = [str(self.programs / program), *map(str, arguments)]
        owner = pwd.getpwnam(_OWNER).pw_uid if os.getuid() == 0 else None
        # A server that is started keeps its output open, so a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command, check=False, text=True, stdout=output, stderr=output, cwd="/", user=owner
            )
            output.seek(0)
            said = output.read().strip()
        assert done.returncode == 0, f"{program} said: {said}"
        return said
