import zipfile
from pathlib import Path

import pptx
import pytest

from surveyapp.brief.brief import BriefText
from surveyapp.brief.operations import save_brief_draft
from surveyapp.foundation.store.db import transaction
from tests.commands.terminal import Run
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import csv_rows, json_of, opened
from tests.row_maker import Maker


@pytest.mark.slow
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
    assert sorted(path.name for path in tmp_path.glob("*survey-export*")) == []


def test_the_brief_is_written_as_a_slide_and_refused_where_it_is_too_long(
    run: Run, make: Maker, tmp_path: Path
) -> None:
    audit = make.audit(cases=7, agencies=1, returned=7, title="Neglect")
    result = run("export", "Neglect", "--to", tmp_path / "a.pptx")
    assert result.exit_code == 0, result.output
    assert "7 returns" in result.output
    shapes = pptx.Presentation(str(tmp_path / "a.pptx")).slides[0].shapes
    assert "The seven children were" in " ".join(
        shape.text_frame.text for shape in shapes if shape.has_text_frame
    )
    with transaction():
        written = BriefText(worries=tuple(f"Point {number}" for number in range(90)))
        save_brief_draft(audit.id, written, (), seen=0, actor="a", now=MONDAY_MORNING)
    result = run("export", "Neglect", "--to", tmp_path / "b.pptx")
    assert result.exit_code == 1
    assert "lines too long: shorten “What we are worried about”" in result.output
    assert not (tmp_path / "b.pptx").exists()


def test_an_unknown_extension_is_refused_with_the_list(run: Run, make: Maker, tmp_path: Path) -> None:
    audit = make.audit(cases=1, agencies=1)
    result = run("export", audit.id, "--to", tmp_path / "a.odt")
    assert result.exit_code == 1
    assert ".xlsx, .csv, .json, .docx, .pdf, .returns.pdf, .zip, .pptx" in result.output
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.parametrize("place", ["missing/a.csv", "."])
def test_a_path_that_cannot_be_written_is_refused_in_a_sentence(
    run: Run, make: Maker, tmp_path: Path, place: str
) -> None:
    audit = make.audit(cases=1, agencies=1)
    (tmp_path / "folder.csv").mkdir()
    to = tmp_path / (place if place != "." else "folder.csv")
    result = run("export", audit.id, "--to", to)
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_an_unknown_audit_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("export", "9", "--to", tmp_path / "a.csv")
    assert result.exit_code == 1
    assert "There is no audit" in result.output


def test_a_report_is_written_as_word_and_pdf_and_an_edited_one_is_left_alone(
    run: Run, make: Maker, tmp_path: Path
) -> None:
    make.audit(cases=1, agencies=1, returned=1, title="Neglect")
    for name, begins in (("a.docx", b"PK"), ("a.pdf", b"%PDF-")):
        result = run("export", "Neglect", "--to", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert "1 return" in result.output
        assert (tmp_path / name).read_bytes().startswith(begins)
    (tmp_path / "a.docx").write_bytes(b"edited by hand")
    result = run("export", "Neglect", "--to", tmp_path / "a.docx")
    assert result.exit_code == 1
    assert "is there already, and somebody may have written in it" in result.output
    assert (tmp_path / "a.docx").read_bytes() == b"edited by hand"
