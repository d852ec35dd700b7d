"""No new password is among leaked ones, or made of what others know of the partnership."""

from dataclasses import replace
from hashlib import sha1
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.foundation.errors import CannotStart, SurveyError
from surveyapp.standalone.passwords.leaked_passwords import check_leaked_passwords, is_leaked
from surveyapp.standalone.passwords.new_passwords import hash_new_password

LEAKED = [f"leaked password number {number}" for number in range(300)]


def hash_of(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def leaked_file(tmp_path: Path) -> Path:
    """As the downloader writes it: counts of different lengths, and line ends of Windows."""
    file = tmp_path / "leaked.txt"
    lines = sorted(
        f"{hash_of(password)}:{len(password) ** (index % 9)}" for index, password in enumerate(LEAKED)
    )
    file.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return file


def test_every_leaked_password_is_found_and_no_other(leaked_file: Path) -> None:
    assert all(is_leaked(password, leaked_file) for password in LEAKED)
    assert not any(is_leaked(f"{password} of mine", leaked_file) for password in LEAKED)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_file_of_few_lines_is_read_too(tmp_path: Path, number: int) -> None:
    file = tmp_path / "few.txt"
    few = sorted(LEAKED[:number], key=hash_of)
    file.write_text("\n".join(map(hash_of, few)), encoding="ascii")
    assert [password for password in LEAKED if is_leaked(password, file)] == LEAKED[:number]


def test_a_leaked_password_and_the_partnerships_name_are_refused(app: Flask, leaked_file: Path) -> None:
    app.config["LEAKED_PASSWORDS_FILE"] = str(leaked_file)
    state = app.extensions["survey"]
    own = replace(state.settings, partnership="Wrenfordshire Safeguarding Children Partnership")
    app.extensions["survey"] = replace(state, settings=own)
    person = {"name": "Bo Finch", "email": "bo@partnership.example"}
    with pytest.raises(SurveyError, match="known from a leak"):
        hash_new_password(LEAKED[7], **person)
    with pytest.raises(SurveyError, match="easy to guess"):
        hash_new_password("wrenfordshire1", **person)
    assert hash_new_password("wrens by the ford sing", **person)


def test_a_file_that_is_none_is_refused_at_the_start(tmp_path: Path, leaked_file: Path) -> None:
    check_leaked_passwords(leaked_file)
    with pytest.raises(CannotStart, match="cannot be read: No such file"):
        check_leaked_passwords(tmp_path / "missing")
    (tmp_path / "words").write_text("password\n" * 9, encoding="ascii")
    with pytest.raises(CannotStart, match="has no SHA-1 hashes"):
        check_leaked_passwords(tmp_path / "words")
