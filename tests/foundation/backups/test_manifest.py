import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.foundation.backups.manifest import (
    BackupUnusable,
    Manifest,
    check_against,
    checksum_of,
    key_marks,
    keys_missing,
    manifest_file,
    read_manifest,
    write_manifest,
)
from surveyapp.foundation.store.keys import Keys, make_key_file, read_key_file


def keys_of(folder: Path) -> Keys:
    make_key_file(folder / "keys.json")
    return read_key_file(folder / "keys.json")


def manifest_of(file: Path) -> Manifest:
    return Manifest(
        file=file.name,
        size=file.stat().st_size,
        checksum=checksum_of(file),
        engine="sqlite",
        revision="0032",
        program_version="1.0",
        taken_at=datetime(2026, 11, 30, 2, tzinfo=UTC),
        rows={"survey_audit": 3, "survey_answer": 70},
        key_marks={"link": "a" * 16, "data": "b" * 16},
    )


@pytest.fixture
def file(app: Flask, tmp_path: Path) -> Path:
    assert app.name
    file = tmp_path / "a backup.sqlite"
    file.write_bytes(b"content of a backup")
    write_manifest(manifest_of(file), manifest_file(file))
    return file


def test_a_manifest_is_read_as_it_was_written(file: Path) -> None:
    manifest = read_manifest(file)
    assert manifest is not None
    assert replace(manifest, seal="") == manifest_of(file)
    assert manifest.has_own_seal
    assert manifest.row_count == 73
    assert manifest_file(file).name == "a backup.sqlite.manifest.json"
    assert stat.S_IMODE(manifest_file(file).stat().st_mode) == 0o600


def test_a_file_without_a_manifest_has_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "copy.sqlite") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"checksum": "0" * 64},
        {"size": 20},
        {"taken_at": "2026-11-29T02:00:00+00:00"},
        {"rows": {"survey_audit": 3, "survey_answer": 71}},
        {"seal": "0" * 64},
        {"seal": ""},
    ],
)
def test_a_manifest_that_somebody_changed_has_not_its_own_seal(
    file: Path, changed: dict[str, object]
) -> None:
    content = json.loads(manifest_file(file).read_text())
    manifest_file(file).write_text(json.dumps({**content, **changed}))
    manifest = read_manifest(file)
    assert manifest is not None
    assert not manifest.has_own_seal


@pytest.mark.parametrize("wrong", ["", "[]", "{}", "null", '{"format": 2}'])
def test_a_manifest_that_cannot_be_read_is_refused(file: Path, wrong: str) -> None:
    manifest_file(file).write_text(wrong)
    with pytest.raises(BackupUnusable, match="cannot be read"):
        read_manifest(file)


def test_a_manifest_of_another_layout_is_refused(file: Path) -> None:
    content = json.loads(manifest_file(file).read_text())
    manifest_file(file).write_text(json.dumps({**content, "format": 1}))
    with pytest.raises(BackupUnusable, match="another layout"):
        read_manifest(file)


def test_a_backup_that_is_cut_short_or_changed_is_refused(file: Path) -> None:
    manifest = manifest_of(file)
    check_against(manifest, file)
    file.write_bytes(b"content of a backuq")
    with pytest.raises(BackupUnusable, match="its checksum is another"):
        check_against(manifest, file)
    file.write_bytes(b"content of a back")
    with pytest.raises(BackupUnusable, match="17 bytes, and its manifest says 19: it is not whole"):
        check_against(manifest, file)


def test_the_keys_of_a_backup_are_recognised_and_others_are_not(tmp_path: Path) -> None:
    own, other = keys_of(tmp_path / "own"), keys_of(tmp_path / "other")
    marks = key_marks(own)
    assert keys_missing(own, marks) == []
    assert keys_missing(other, marks) == ["link", "data"]
    rotated = Keys((*other.link, *own.link), own.data, other.secret)
    assert keys_missing(rotated, marks) == []
    assert keys_missing(Keys(other.link, own.data, own.secret), marks) == ["link"]
    for key in (*own.link, *own.data):
        assert not any(mark in key.hex() or mark.encode() in key for mark in marks.values())
