"""The papers of data protection, on a page and in Word: what settings say, and what they leave open."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.table import Table
from flask import Flask

from surveyapp.governance.papers import PAPERS
from tests.page_client import PageClient
from tests.row_maker import Maker

CONTROLLER = "Wrenford Borough Council, with Wrenford Police, jointly"
STARTERS = [paper.name for paper in PAPERS if paper.has_gaps]


@pytest.fixture
def controller_set(app: Flask) -> Iterator[None]:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, privacy_controller=CONTROLLER))
    yield
    app.extensions["survey"] = state


def words_of(content: bytes) -> str:
    """Every word of a Word file, tables included, in order."""
    parts: list[str] = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            parts += [cell.text for row in block.rows for cell in row.cells]
        else:
            parts.append(block.text)
    return " ".join(parts)


def download(client: PageClient, name: str) -> bytes:
    response = client.get(f"/governance/{name}/paper.docx")
    assert response.status_code == 200
    return bytes(response.data)


def test_every_paper_is_a_page_and_a_word_file_with_the_same_words(client: PageClient) -> None:
    listed = client.get("/governance").text
    for paper in PAPERS:
        assert paper.title in listed
        page = client.get(f"/governance/{paper.name}").text
        main = re.sub(r"(?s)^.*<main[^>]*>|</main>.*$", "", page)
        main = re.sub(r"(?s)<p[^>]*data-on-screen.*?</p>", "", main)
        shown = [
            " ".join(unescape(re.sub("<[^>]+>", "", inner)).split())
            for _, inner in re.findall(r"(?s)<(h2|h3|p|li|th|td)\b[^>]*>(.*?)</\1>", main)
            # In Word the address of a link follows its words.
            if "<a " not in inner
        ]
        written = words_of(download(client, paper.name))
        assert len(shown) > 10
        assert [words for words in shown if words not in written] == []


def test_an_unknown_paper_is_not_found(client: PageClient) -> None:
    client.get("/governance/testament", status=404)
    client.get("/governance/testament/paper.docx", status=404)


@pytest.mark.parametrize(
    "name", ["impact-assessment", "processing-record", "sharing-agreement", "privacy-notice"]
)
@pytest.mark.usefixtures("controller_set")
def test_a_setting_is_printed_and_is_no_gap(client: PageClient, name: str) -> None:
    assert CONTROLLER in words_of(download(client, name))


@pytest.mark.parametrize("name", STARTERS)
def test_what_nobody_has_set_is_a_gap_marked_in_yellow(client: PageClient, name: str) -> None:
    content = download(client, name)
    gaps = re.findall(r"\[Fill in: [^\]]+\]", words_of(content))
    document = docx.Document(io.BytesIO(content))
    lines: list[Any] = [*document.paragraphs]
    lines += [
        line
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for line in cell.paragraphs
    ]
    marked = [
        run.text for line in lines for run in line.runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert "[Fill in: which organisation, or which jointly]" in gaps
    assert sorted(marked) == sorted(gaps)


def test_every_agency_of_the_directory_signs_the_agreement(client: PageClient, make: Maker) -> None:
    make.agency("Northside Police")
    make.agency("Hill <Road> School")
    written = words_of(download(client, "sharing-agreement"))
    assert "Northside Police" in written
    assert "Hill <Road> School" in written


def test_the_list_says_which_settings_would_fill_gaps(client: PageClient) -> None:
    listed = client.get("/governance").text
    assert "the data controller" in listed
    assert "the data protection officer" in listed


@pytest.mark.usefixtures("controller_set")
def test_a_setting_with_a_value_is_not_asked_for(client: PageClient) -> None:
    assert "the data controller" not in client.get("/governance").text


def test_the_papers_say_how_long_answers_are_kept_by_the_settings(client: PageClient) -> None:
    for name in STARTERS:
        assert "12 months after the report was received" in words_of(download(client, name))
