"""A real IMAP server from Debian's package dovecot-imapd, on a loopback port, with mailboxes for tests."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from tests.foundation.bounces.certificates import Certificate

USER, PASSWORD = "audits@partnership.example", "correct-horse"
SECONDS_TO_START = 20
_NUMBERS = count(1)
CONFIGURATION = """\
protocols = imap
base_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
libexec_dir = {libexec}
login_plugin_dir = {libexec}/modules/login
mail_plugin_dir = {libexec}/modules
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Without it, every sign-in after a refused one waits longer.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """A server that is running: its port, its port for TLS (0 without a certificate), and one mailbox."""

    port: int
    tls_port: int = 0
    user: str = USER

    def with_empty_mailbox(self) -> "ImapServer":
        """The same server, with the mailbox of a user who has had none yet."""
        return replace(self, user=f"audits{next(_NUMBERS)}@partnership.example")

    def append(self, raw: bytes) -> None:
        """Put a message into the inbox, unread."""
        with self._session() as imap:
            imap.append("INBOX", "", "", raw.replace(b"\n", b"\r\n"))

    def unread(self, folder: str = "INBOX") -> int:
        """How many messages of a folder are unread."""
        with self._session() as imap:
            imap.select(folder, readonly=True)
            return len(imap.search(None, "UNSEEN")[1][0].split())

    def count(self, folder: str) -> int:
        """How many messages a folder holds."""
        with self._session() as imap:
            return int((imap.select(folder, readonly=True)[1][0] or b"0").decode())

    def create(self, folder: str) -> None:
        """Make a folder."""
        with self._session() as imap:
            imap.create(folder)

    @contextlib.contextmanager
    def _session(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port) as imap:
            imap.login(self.user, PASSWORD)
            yield imap


@contextlib.contextmanager
def running_dovecot(certificate: Certificate | None = None) -> Iterator[ImapServer]:
    """Run a server with its own configuration, as whoever runs the tests.

    Whoever signs in with the password has a mailbox, empty at first.

    With a certificate it also answers over TLS, on a port of its own. Skips where the package is not
    installed, except in CI.
    """
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        missing = "There is no dovecot: apt-get install dovecot-imapd."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(prefix="survey-imap-") as name:
        folder = Path(name)
        # Its processes of other users look for their sockets below it.
        folder.chmod(0o755)
        yield from _run(program, folder, certificate)


def _run(program: str, folder: Path, certificate: Certificate | None) -> Iterator[ImapServer]:
    port, configuration, users = _free_port(), folder / "dovecot.conf", _users()
    tls_port = _free_port() if certificate else 0
    os.chown(folder, int(users["uid"]), int(users["gid"]))
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            libexec=Path(program).parents[1] / "lib" / "dovecot",
            **users,
            port=port,
            tls=_tls(certificate),
            tls_port=tls_port,
            password=PASSWORD,
        )
    )
    server = subprocess.Popen([program, "-F", "-c", str(configuration)])
    try:
        _wait_for(port, folder)
        yield ImapServer(port, tls_port)
    finally:
        server.terminate()
        server.wait(20)


def _tls(certificate: Certificate | None) -> str:
    """The lines of the configuration about TLS."""
    if certificate is None:
        return "ssl = no"
    return f"ssl = yes\nssl_cert = <{certificate.chain}\nssl_key = <{certificate.key}"


def _users() -> dict[str, str | int]:
    """The users as whom its processes run: as root it refuses to, and lends them two that own nothing."""
    own = pwd.getpwuid(os.getuid() or pwd.getpwnam("daemon").pw_uid)
    group = grp.getgrgid(own.pw_gid).gr_name
    login = own.pw_name if os.getuid() else "nobody"
    return {
        "login": login,
        "internal": own.pw_name,
        "group": group,
        "uid": own.pw_uid,
        "gid": own.pw_gid,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, folder: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as probe:
            if probe.recv(4):
                return
        time.sleep(0.1)
    log = folder / "log"
    pytest.fail(f"dovecot did not start: {log.read_text() if log.exists() else 'it wrote no log'}")
