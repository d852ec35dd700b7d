import zipfile
from pathlib import Path

import pytest

from tests.commands.terminal import Run
from tests.making import Maker
from tests.reporting.opening import csv_rows, json_of, opened


def test_an_audit_is_written_to_a_file_that_only_its_writer_can_read(
    run: Run, make: Maker, tmp_path: Path
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, title="Neglect")
    for name in ("a.xlsx", "a.csv", "a.json", "a.returns.pdf", "a.zip"):
        result = run("export", "Neglect", "--to", tmp_path / name)
        assert result.exit_code == 0
        assert "1 return" in result.output
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert "Returns" in opened((tmp_path / "a.xlsx").read_bytes()).sheetnames
    assert csv_rows((tmp_path / "a.csv").read_bytes())[0]["audit"] == str(audit.id)
    assert json_of((tmp_path / "a.json").read_bytes())["title"] == "Neglect"
    assert (tmp_path / "a.returns.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert sorted(each.name for each in tmp_path.glob("*survey-export*")) == []


def test_an_ending_that_says_no_kind_of_file_is_refused_with_the_list(
    run: Run, make: Maker, tmp_path: Path
) -> None:
    audit = make.audit(cases=1, agencies=1)
    result = run("export", audit.id, "--to", tmp_path / "a.docx")
    assert result.exit_code == 1
    assert ".xlsx, .csv, .json" in result.output
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.parametrize("place", ["missing/a.csv", "."])
def test_a_place_that_cannot_be_written_is_refused_in_a_sentence(
    run: Run, make: Maker, tmp_path: Path, place: str
) -> None:
    audit = make.audit(cases=1, agencies=1)
    (tmp_path / "folder.csv").mkdir()
    to = tmp_path / (place if place != "." else "folder.csv")
    result = run("export", audit.id, "--to", to)
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_an_audit_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("export", "9", "--to", tmp_path / "a.csv")
    assert result.exit_code == 1
    assert "There is no audit" in result.output
