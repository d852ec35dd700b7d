import json
import os
import stat
import threading
from pathlib import Path

import pytest

from surveyapp.commands.keys.key_file_changes import (
    KeyFileFixed,
    add_keys,
    check_changeable,
    drop_old_keys,
    old_keys,
    prepare_keys,
)
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.key_file import RINGS, make_key_file, read_key_file

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_key_file(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def test_a_new_key_stands_in_front_of_each_ring_and_the_old_ones_behind(file: Path) -> None:
    before = read_key_file(file)
    add_keys(file)
    after = read_key_file(file)
    for ring in RINGS:
        newest, *older = getattr(after, ring)
        assert tuple(older) == getattr(before, ring)
        assert newest not in older
        assert old_keys(file, ring) == 1


def test_the_rings_that_are_not_named_stay(file: Path) -> None:
    before = read_key_file(file)
    add_keys(file, ["secret"])
    after = read_key_file(file)
    assert (after.link, after.data) == (before.link, before.data)
    assert len(after.secret) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give a file to another.")
def test_the_mode_and_the_owner_stay_and_nothing_is_left_beside_the_file(file: Path) -> None:
    os.chown(file, NOBODY, NOBODY)
    file.chmod(0o400)
    add_keys(file)
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (NOBODY, NOBODY, 0o400)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become another.")
@pytest.mark.parametrize("owner", [0, NOBODY])
def test_who_may_not_replace_the_file_is_told_before_anything_is_changed(file: Path, owner: int) -> None:
    """The file belongs to root, or its folder does, and the program runs as somebody else."""
    for folder in file.parents:
        if folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(0o755)
    os.chown(file, owner, NOBODY)
    file.chmod(0o640 if owner == 0 else 0o600)
    before = file.read_bytes()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(KeyFileFixed, match="cannot be changed: it"):
            check_changeable(file)
        with pytest.raises(KeyFileFixed):
            add_keys(file)
    finally:
        os.seteuid(0)
        os.setegid(0)
    assert file.read_bytes() == before


def test_a_reader_finds_whole_rings_whenever_it_looks(file: Path) -> None:
    ended, met = threading.Event(), list[BaseException]()

    def read() -> None:
        try:
            while not ended.is_set():
                read_key_file(file)
        except BaseException as error:  # noqa: BLE001 — asserted below
            met.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(50):
        add_keys(file)
    ended.set()
    reader.join()
    assert met == []
    assert len(read_key_file(file).data) == 51


def test_of_two_changes_at_once_one_is_refused_so_that_no_key_is_lost(file: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with file.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="Another process is changing the key file"):
            add_keys(file)
    add_keys(file)
    assert len(read_key_file(file).data) == 2


def test_prepared_keys_are_read_and_not_used_until_keys_are_rotated(file: Path) -> None:
    before = read_key_file(file)
    prepare_keys(file)
    prepare_keys(file)
    prepared = read_key_file(file)
    for ring in RINGS:
        first, last = getattr(prepared, ring)
        assert (first,) == getattr(before, ring)
        add_keys(file, [ring])
        assert getattr(read_key_file(file), ring) == (last, first)
    assert set(json.loads(file.read_text())) == set(RINGS)


def test_a_prepared_key_is_no_old_key_and_stays_when_old_ones_are_dropped(file: Path) -> None:
    prepare_keys(file)
    assert old_keys(file, "data") == 0
    add_keys(file)
    prepare_keys(file)
    assert old_keys(file, "data") == 1
    before = read_key_file(file)
    assert drop_old_keys(file, "data") == 1
    assert read_key_file(file).data == (before.data[0], before.data[-1])


def test_what_is_left_of_a_dropped_data_key_verifies_its_seals_and_is_not_the_key(file: Path) -> None:
    oldest = read_key_file(file)
    for _ in range(2):
        add_keys(file)
    before = read_key_file(file)
    drop_old_keys(file, "data")
    add_keys(file)
    drop_old_keys(file, "data")
    after = read_key_file(file)
    assert after.seals[1:] == before.seals
    assert after.seals[-1] == oldest.seals[0]
    assert len(after.data) == 1
    written = file.read_text()
    for key in before.data:
        assert key not in after.seals
        assert key.hex() not in written


def test_dropping_keeps_the_newest_key_of_a_ring(file: Path) -> None:
    add_keys(file)
    newest = read_key_file(file)
    for ring in RINGS:
        assert drop_old_keys(file, ring) == 1
        assert drop_old_keys(file, ring) == 0
        assert getattr(read_key_file(file), ring) == getattr(newest, ring)[:1]
