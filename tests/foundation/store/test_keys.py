import json
import os
import shlex
import stat
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.key_file import RINGS, draw_key
from surveyapp.foundation.store.keys import (
    KEY_BYTES,
    Keys,
    derive_key,
    keys,
    keys_as_read,
    make_key_file,
    read_key_file,
)
from surveyapp.standalone.app import create_app
from tests.row_maker import Maker

PLACE = "survey_answer.text"


def test_the_key_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    make_key_file(tmp_path / "keys.json")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o777])
def test_a_key_file_that_others_may_read_or_change_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "the keys.json"
    make_key_file(path)
    path.chmod(mode)
    with pytest.raises(CannotStart, match=rf"open to others on this computer \(mode {mode:o}\)") as refused:
        read_key_file(path)
    subprocess.run(shlex.split(refused.value.message.partition("Run: ")[2]), check=True)
    assert read_key_file(path).link


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become another.")
def test_a_key_file_of_roots_may_be_read_by_the_programs_group_and_nobody_else() -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "keys.json"
        make_key_file(path)
        os.chown(path, 0, nobody)
        results = []
        for mode in (0o640, 0o440, 0o644, 0o660):
            path.chmod(mode)
            os.setegid(nobody)
            os.seteuid(nobody)
            try:
                results.append(bool(read_key_file(path).link))
            except CannotStart as error:
                results.append(error.message.partition("Run: ")[2] == f"chmod 640 {path}")
            finally:
                os.seteuid(0)
                os.setegid(0)
    assert results == [True] * 4


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    make_key_file(tmp_path / "keys.json")
    with pytest.raises(FileExistsError):
        make_key_file(tmp_path / "keys.json")


def test_two_uses_of_a_key_have_two_sub_keys() -> None:
    assert derive_key(b"k" * 32, "code") != derive_key(b"k" * 32, "form")


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("not json", "cannot be read as keys"),
        ('{"link": [], "data": [], "secret": []}', "cannot be read as keys|empty"),
        ('{"link": ["00"], "data": "x"}', "cannot be read as keys"),
    ],
)
def test_a_damaged_key_file_is_refused_in_a_sentence(tmp_path: Path, spoilt: str, why: str) -> None:
    (tmp_path / "keys.json").write_text(spoilt)
    (tmp_path / "keys.json").chmod(0o600)
    with pytest.raises(CannotStart, match=why):
        read_key_file(tmp_path / "keys.json")


@pytest.mark.parametrize("ring", RINGS)
def test_a_well_known_key_is_refused(tmp_path: Path, ring: str) -> None:
    make_key_file(tmp_path / "keys.json")
    rings = json.loads((tmp_path / "keys.json").read_text())
    well_known = "A" * 43 + "=" if ring == "data" else "00" * 32
    (tmp_path / "keys.json").write_text(json.dumps({**rings, ring: [well_known]}))
    with pytest.raises(CannotStart, match="well-known"):
        read_key_file(tmp_path / "keys.json")


def test_the_app_does_not_start_without_its_key_file_once_links_were_sent(
    app: Flask, make: Maker, tmp_path: Path
) -> None:
    make.audit(cases=1, agencies=1)
    config = {name: app.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "SURVEY_MAIL_FOLDER")}
    with pytest.raises(CannotStart, match="is missing"):
        create_app({**config, "SURVEY_KEY_FILE": str(tmp_path / "other.json")})


def test_a_comment_cannot_be_read_in_the_database(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(
        make.requests(audit)[0],
        (GivenAnswer("supervision", item="comment", text="Seen by her health visitor"),),
    )
    stored = session.execute(text("SELECT text FROM survey_answer")).scalar_one()
    assert b"health visitor" not in bytes(stored)
    session.expire_all()
    assert session.query(Answer).one().text == "Seen by her health visitor"


@pytest.mark.parametrize("ring", ["link", "secret"])
@pytest.mark.parametrize(
    "keys_of_ring",
    [
        pytest.param([], id="none"),
        pytest.param([bytes(range(31))], id="short"),
        pytest.param([bytes(range(32)), b"ab" * 16], id="of two letters behind a good one"),
        pytest.param([bytes(range(7)) * 5], id="of seven bytes"),
    ],
)
def test_a_ring_without_a_key_or_with_one_that_is_short_or_easily_guessed_is_refused(
    tmp_path: Path, ring: str, keys_of_ring: list[bytes]
) -> None:
    make_key_file(tmp_path / "keys.json")
    kept = json.loads((tmp_path / "keys.json").read_text())
    spoilt = {**kept, ring: [key.hex() for key in keys_of_ring]}
    (tmp_path / "keys.json").write_text(json.dumps(spoilt))
    with pytest.raises(CannotStart, match="empty, short or well-known"):
        read_key_file(tmp_path / "keys.json")


def test_text_of_an_older_data_key_is_still_read_and_new_text_is_written_with_the_newest(
    tmp_path: Path,
) -> None:
    make_key_file(tmp_path / "keys.json")
    before = read_key_file(tmp_path / "keys.json")
    newest = os.urandom(KEY_BYTES)
    rotated = replace(before, data=(newest, *before.data))
    written = before.texts.encrypt("Seen in May", PLACE)
    assert rotated.texts.decrypt(written, PLACE) == "Seen in May"
    written_later = rotated.texts.encrypt("Seen in June", PLACE)
    assert replace(before, data=(newest,)).texts.decrypt(written_later, PLACE) == "Seen in June"


def test_a_running_app_finds_a_key_that_another_process_put_into_the_file(app: Flask) -> None:
    file = app.extensions["survey"].settings.key_file
    before = keys()
    with_newest_key(file)
    assert keys().link == before.link
    assert keys().data[1:] == before.data
    assert keys_as_read() is keys(), "It is read once, not with every text."


def test_a_text_of_another_process_is_read_before_anything_else_made_this_one_look_at_the_file(
    app: Flask, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], (GivenAnswer("supervision", item="comment", text="Seen weekly."),))
    written = with_newest_key(app.extensions["survey"].settings.key_file).texts.encrypt(
        "Of another process.", "survey_answer.text"
    )
    session.execute(text("UPDATE survey_answer SET text = :written"), {"written": written})
    session.expire_all()
    assert session.query(Answer).one().text == "Of another process."


@pytest.mark.parametrize("spoilt", ["missing", "damaged", "open to others"])
def test_a_running_app_goes_on_with_its_keys_while_the_file_cannot_be_used(
    app: Flask, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    file, before = app.extensions["survey"].settings.key_file, keys()
    if spoilt == "missing":
        file.unlink()
    elif spoilt == "damaged":
        file.write_text("not json")
    else:
        with_newest_key(file)
        file.chmod(0o644)
    assert keys() == keys() == before
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == (spoilt != "missing"), "Once, not with every text."


def with_newest_key(file: Path) -> Keys:
    """Put a new data key in front of the ring, as rotating does; returns the keys of the file then."""
    rings = json.loads(file.read_text())
    rings["data"].insert(0, draw_key("data"))
    beside = file.with_name("beside.json")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(rings))
    beside.rename(file)
    return read_key_file(file)
