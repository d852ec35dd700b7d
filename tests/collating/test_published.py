"""The demonstration collates to every figure of the report of February 2014, by command and on the page."""

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from surveyapp.collating.queries import collate
from surveyapp.commands.demonstration.answers import answers_file
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.published import TOGETHER, published

Figure = tuple[int, int]


def by_command(app: Flask, *words: str) -> dict[str, Any]:
    """What `survey collate --json` prints."""
    session.rollback()
    result = app.test_cli_runner().invoke(args=["survey", "collate", *words, "--json"])
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def figures_of(question: dict[str, Any]) -> dict[str, Figure]:
    """Each answer of a question in the JSON, by its value or its line."""
    if "items" in question:
        return {line["id"]: _figure(line["options"][0]) for line in question["items"]}
    return {option["value"]: _figure(option) for option in question["options"]}


def _figure(option: dict[str, Any]) -> Figure:
    return option["count"], option["of"]


def on_the_page(page: str) -> dict[str, dict[str, str]]:
    """What stands beside each answer on the page, by question and label; of a checklist its yes."""
    found = {}
    for name, section in re.findall(r'<section [^>]*"question-(\w+)">(.*?)</section>', page, re.DOTALL):
        rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>.*?data-copy>(.*?)</span>', section, re.DOTALL)
        found[name] = {unescape(label): unescape(words) for label, words in rows}
    return found


def test_every_published_figure_is_what_the_command_prints(
    demonstration: Flask,
    demonstrated: Audit,  # noqa: ARG001 — in its context, on its day
) -> None:
    expected, found = published(), by_command(demonstration, "1")
    assert (found["requests"], found["returned"], found["nil"]) == (90, 77, 0)
    questions = {each["id"]: figures_of(each) for each in found["questions"]}
    checked = 0
    for question, figures in expected["questions"].items():
        for answer, figure in figures.items():
            parts = [questions[question][each] for each in TOGETHER.get(answer, (answer,))]
            assert (sum(count for count, _of in parts), parts[0][1]) == (figure["count"], figure["of"])
            checked += 1
    assert checked == 28


def test_every_published_figure_stands_on_the_page(demonstration: Flask, demonstrated: Audit) -> None:
    expected = published()
    definition = demonstrated.form
    page = on_the_page(_opened(demonstration, "/audits/1/collation"))
    for question, figures in expected["questions"].items():
        asked = definition.question(question)
        for answer, figure in figures.items():
            said = [page[question][asked.name_of(each)] for each in TOGETHER.get(answer, (answer,))]
            share = Share(figure["count"], figure["of"])
            if len(said) == 1:
                assert said == [f"{share.count} of {share.of} returns{share.in_brackets}"]
            else:
                assert sum(int(words.split()[0]) for words in said) == share.count
                assert all(f" of {share.of} returns (" in words for words in said)


def test_every_figure_of_our_own_file_is_what_command_and_page_say(
    demonstration: Flask, demonstrated: Audit
) -> None:
    definition = demonstrated.form
    questions = {each["id"]: each for each in by_command(demonstration, "1")["questions"]}
    page = on_the_page(_opened(demonstration, "/audits/1/collation"))
    for name, said in answers_file()["questions"].items():
        figures, asked = figures_of(questions[name]), definition.question(name)
        assert questions[name]["not_answered"] == said["blank"]
        assert page[name]["Not answered"] == f"{said['blank']} of 77 returns"
        for answer, count in {**said.get("items", {}), **said.get("options", {})}.items():
            assert figures[answer] == (count, 77 - said["blank"]), (name, answer)
            assert page[name][asked.name_of(answer)].startswith(f"{count} of {77 - said['blank']} returns (")


@pytest.mark.parametrize("address", ["", "?na=0&dk=0", "?kinds=police&kinds=health", "?ages=under_5&na=0"])
def test_the_page_and_the_collation_say_the_same_of_every_row(
    demonstration: Flask, demonstrated: Audit, address: str
) -> None:
    page = on_the_page(_opened(demonstration, f"/audits/1/collation{address}"))
    from surveyapp.collating.figure_selection import FigureSelection  # noqa: PLC0415 — needs the request below

    with demonstration.test_request_context(f"/{address}"):
        view = FigureSelection.from_request()
    found = collate(demonstrated, filters=view.filters, rule=view.rule, now=clock.now())
    assert set(page) == {each.id for each in found.questions}
    rows = 0
    for figures in found.questions:
        for part in figures.parts if figures.answered else ():
            for row in part.rows[: 1 if figures.lines else None]:
                assert page[figures.id][part.label if figures.lines else row.label] == row.quoted
                rows += 1
    assert rows > 40


def test_one_case_is_the_whole_of_its_returns(demonstration: Flask, demonstrated: Audit) -> None:
    whole = by_command(demonstration, demonstrated.title)
    cases = [by_command(demonstration, "1", "--case", case.pseudonym) for case in list(demonstrated.cases)]
    assert (whole["case"], cases[0]["case"]) == (None, "Child 1")
    assert sum(each["returns"] for each in cases) == whole["returns"] == 77
    for number, question in enumerate(whole["questions"]):
        parts = [figures_of(each["questions"][number]) for each in cases]
        for answer, (count, _of) in figures_of(question).items():
            assert sum(part[answer][0] for part in parts) == count


def test_the_questions_with_most_dont_knows_stand_first(demonstrated: Audit, demonstration: Flask) -> None:
    most = _opened(demonstration, f"/audits/{demonstrated.id}/collation").split('id="most-dont-know"')[1]
    figures = re.findall(r"(\d+) of (\d+) returns", unescape(most[: most.index("</ol>")]))
    counts = [int(count) for count, _of in figures]
    assert figures[:2] == [("34", "72"), ("31", "72")]
    assert counts == sorted(counts, reverse=True)


def _opened(app: Flask, path: str) -> str:
    client = PageClient(app)
    client.sign_in()
    page: str = client.get(path).text
    session.rollback()
    engine().dispose()
    return page
