"""CSV files are read as spreadsheets save them."""

import pytest

from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.tables.csv_reader import NotCsv, csv_rows, csv_text

TABLE = "Ynys Môn;20,4\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("cp1252"),
    ],
    ids=["UTF-8", "with a mark", "UTF-16", "big-endian", "Windows"],
)
def test_the_text_of_a_file_is_read_in_the_encodings_of_spreadsheets(content: bytes) -> None:
    assert csv_text(content) == TABLE
    assert csv_rows(csv_text(content)) == [["Ynys Môn", "20,4"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "an Excel or LibreOffice workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"Kent\x00,1", "The file is not text"),
        (b"Kent\x81,1", "The file is not text"),
        (b"\xff\xfeK", "The file is not text"),
    ],
)
def test_another_file_is_named_and_refused(content: bytes, words: str) -> None:
    with pytest.raises(NotCsv, match=words):
        csv_text(content)


def test_what_we_write_is_read_again() -> None:
    rows = [["Kent, county of", 'The "Shire"'], ["two\nlines", "2"]]
    assert csv_rows(csv_text(write_csv(("Where", "What"), rows))) == [["Where", "What"], *rows]


def test_an_empty_text_has_no_rows_and_an_empty_line_no_cells() -> None:
    assert csv_rows("") == []
    assert csv_rows("a,1\n\nb,2,,") == [["a", "1"], [], ["b", "2"]]
