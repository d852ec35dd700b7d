"""Files and folders that only their owner may read, where the system has modes (POSIX)."""

import os
import shlex
import stat
from pathlib import Path

OWNER_FILE, OWNER_FOLDER = 0o600, 0o700
_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022
# Windows has rights of its own kind, which a file inherits from its folder.
HAS_MODES = os.name == "posix"


def keep_new_files_private() -> None:
    """Let only their owner read the files that this process makes from now on.

    For a process of our own, a command or the standalone server; never for the web process of a host.
    """
    os.umask(_OTHERS)


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone. Raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(folder))


def open_private_file(path: Path, *, exclusive: bool = False) -> int:
    """Open a file for writing and return its handle; only its owner may read it, even if others could before.

    It begins empty; with `exclusive`, FileExistsError is raised if it exists. Raises OSError.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if exclusive else os.O_TRUNC), OWNER_FILE)
    if HAS_MODES:
        os.fchmod(handle, OWNER_FILE)
    return handle


def modes_of_others(status: os.stat_result) -> int:
    """What a file's group and everybody else may do with it, as bits of its mode; 0 where there are none."""
    return stat.S_IMODE(status.st_mode) & _OTHERS if HAS_MODES else 0


def wide_mode_warning(path: Path) -> str:
    """That others may read a file or folder, with the command that mends it; empty if they may not.

    Empty also for a path that does not exist or cannot be looked at.
    """
    status = _status(path)
    if status is None or not modes_of_others(status):
        return ""
    is_folder = stat.S_ISDIR(status.st_mode)
    mode = OWNER_FOLDER if is_folder else OWNER_FILE
    return (
        f"{path} is open to others on this computer (mode {stat.S_IMODE(status.st_mode):o}). "
        f"Run: {chmod_command(path, mode)}"
    )


def writable_folder_warning(folder: Path) -> str:
    """That others may put files into a folder, with the command that mends it; empty if they may not."""
    status = _status(folder)
    if status is None or not modes_of_others(status) & _WRITABLE_BY_OTHERS or status.st_mode & stat.S_ISVTX:
        return ""
    return (
        f"Others on this computer may replace what is in {folder} (mode {stat.S_IMODE(status.st_mode):o}). "
        f"Run: chmod go-w {shlex.quote(str(folder))}"
    )


def chmod_command(path: Path, mode: int) -> str:
    """The command that sets the mode of a path, quoted for a shell."""
    return f"chmod {mode:o} {shlex.quote(str(path))}"


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
