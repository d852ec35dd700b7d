"""Files and folders for their owner alone, and the warnings about those that others may read."""

import os
import shlex
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveyapp.foundation.private_files import (
    keep_new_files_private,
    make_private_folder,
    open_private_file,
    wide_mode_warning,
    writable_folder_warning,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Only POSIX has modes.")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Begin with the umask that most systems have, under which others may read every new file."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_process_of_ours_keeps_its_new_files_and_folders_private(tmp_path: Path) -> None:
    keep_new_files_private()
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    assert (mode_of(tmp_path / "file"), mode_of(tmp_path / "folder")) == (0o600, 0o700)


def test_a_private_folder_is_private_with_every_folder_made_above_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path / "var" / "mail")
    assert [mode_of(path) for path in (tmp_path, tmp_path / "var", tmp_path / "var" / "mail")] == [
        0o755,
        0o700,
        0o700,
    ]
    make_private_folder(tmp_path / "var" / "mail")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        make_private_folder(tmp_path / "file")


def test_a_private_file_is_private_even_if_it_was_open_before(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("what was here before")
    file.chmod(0o666)
    os.close(open_private_file(file))
    assert (mode_of(file), file.read_text()) == (0o600, "")
    with pytest.raises(FileExistsError):
        open_private_file(file, exclusive=True)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o660, 0o601])
def test_the_command_in_a_warning_mends_what_it_warns_of(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "with a space’s name.sqlite"
    file.write_text("x")
    file.chmod(mode)
    warning = wide_mode_warning(file)
    assert f"(mode {mode:o})" in warning
    subprocess.run(shlex.split(warning.partition("Run: ")[2]), check=True)
    assert (wide_mode_warning(file), mode_of(file)) == ("", 0o600)


def test_a_folder_is_mended_as_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    subprocess.run(shlex.split(wide_mode_warning(folder).partition("Run: ")[2]), check=True)
    assert (wide_mode_warning(folder), mode_of(folder)) == ("", 0o700)
    assert wide_mode_warning(tmp_path / "missing") == ""


def test_a_folder_is_warned_of_when_others_may_replace_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    assert writable_folder_warning(folder) == ""
    folder.chmod(0o777)
    subprocess.run(shlex.split(writable_folder_warning(folder).partition("Run: ")[2]), check=True)
    assert (writable_folder_warning(folder), mode_of(folder)) == ("", 0o755)
    folder.chmod(0o1777)
    assert writable_folder_warning(folder) == "", "In a sticky folder nobody can replace another’s file."
