"""The demonstration gives every figure of the report of February 2014, by command and on the page."""

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
    """The output of `survey collate --json`."""
    session.rollback()
    result = app.test_cli_runner().invoke(args=["survey", "collate", *words, "--json"])
    assert result.exit_code == 0, result.stderr
    output: dict[str, Any] = json.loads(result.stdout)
    return output


def figures_of(question: dict[str, Any]) -> dict[str, Figure]:
    """Each answer of a question in the JSON, by its value or its line."""
    if "items" in question:
        return {line["id"]: _figure(line["options"][0]) for line in question["items"]}
    return {option["value"]: _figure(option) for option in question["options"]}


def _figure(option: dict[str, Any]) -> Figure:
    return option["count"], option["of"]


def on_the_page(page: str) -> dict[str, dict[str, str]]:
    """The words beside each answer on the page, by question and label; for a checklist line its yes."""
    labels = {}
    for name, section in re.findall(r'<section [^>]*"question-(\w+)">(.*?)</section>', page, re.DOTALL):
        rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>.*?data-copy>(.*?)</span>', section, re.DOTALL)
        labels[name] = {unescape(label): unescape(words) for label, words in rows}
    return labels


def test_every_published_figure_is_what_the_command_prints(
    demonstration: Flask,
    demonstrated: Audit,  # noqa: ARG001 — in its context, on its day
) -> None:
    expected, output = published(), by_command(demonstration, "1")
    assert (output["requests"], output["returned"], output["nil"]) == (90, 77, 0)
    questions = {question["id"]: figures_of(question) for question in output["questions"]}
    checked = 0
    for question, figures in expected["questions"].items():
        for answer, figure in figures.items():
            parts = [questions[question][value] for value in TOGETHER.get(answer, (answer,))]
            assert (sum(count for count, _of in parts), parts[0][1]) == (figure["count"], figure["of"])
            checked += 1
    assert checked == 28


def test_every_published_figure_is_on_the_page(demonstration: Flask, demonstrated: Audit) -> None:
    expected = published()
    definition = demonstrated.form
    page = on_the_page(_opened(demonstration, "/audits/1/collation"))
    for question, figures in expected["questions"].items():
        asked = definition.question(question)
        for answer, figure in figures.items():
            printed = [page[question][asked.name_of(value)] for value in TOGETHER.get(answer, (answer,))]
            share = Share(figure["count"], figure["of"])
            if len(printed) == 1:
                assert printed == [f"{share.count} of {share.of} returns{share.in_brackets}"]
            else:
                assert sum(int(words.split()[0]) for words in printed) == share.count
                assert all(f" of {share.of} returns (" in words for words in printed)


def test_every_figure_of_our_own_file_is_printed_by_command_and_page(
    demonstration: Flask, demonstrated: Audit
) -> None:
    definition = demonstrated.form
    questions = {question["id"]: question for question in by_command(demonstration, "1")["questions"]}
    page = on_the_page(_opened(demonstration, "/audits/1/collation"))
    for name, answers in answers_file()["questions"].items():
        figures, asked = figures_of(questions[name]), definition.question(name)
        assert questions[name]["not_answered"] == answers["blank"]
        assert page[name]["Not answered"] == f"{answers['blank']} of 77 returns"
        for answer, count in {**answers.get("items", {}), **answers.get("options", {})}.items():
            assert figures[answer] == (count, 77 - answers["blank"]), (name, answer)
            assert page[name][asked.name_of(answer)].startswith(
                f"{count} of {77 - answers['blank']} returns ("
            )


@pytest.mark.parametrize("address", ["", "?na=0&dk=0", "?kinds=police&kinds=health", "?ages=under_5&na=0"])
def test_the_page_and_the_collation_agree_on_every_row(
    demonstration: Flask, demonstrated: Audit, address: str
) -> None:
    page = on_the_page(_opened(demonstration, f"/audits/1/collation{address}"))
    from surveyapp.collating.figure_selection import FigureSelection  # noqa: PLC0415 — needs the request below

    with demonstration.test_request_context(f"/{address}"):
        view = FigureSelection.from_request()
    collation = collate(demonstrated, filters=view.filters, rule=view.rule, now=clock.now())
    assert set(page) == {figures.id for figures in collation.questions}
    rows = 0
    for figures in collation.questions:
        for part in figures.parts if figures.answered else ():
            for row in part.rows[: 1 if figures.lines else None]:
                assert page[figures.id][part.label if figures.lines else row.label] == row.quoted
                rows += 1
    assert rows > 40


def test_the_figures_of_single_cases_add_up_to_the_whole(demonstration: Flask, demonstrated: Audit) -> None:
    whole = by_command(demonstration, demonstrated.title)
    cases = [by_command(demonstration, "1", "--case", case.pseudonym) for case in list(demonstrated.cases)]
    assert (whole["case"], cases[0]["case"]) == (None, "Child 1")
    assert sum(case["returns"] for case in cases) == whole["returns"] == 77
    for number, question in enumerate(whole["questions"]):
        parts = [figures_of(case["questions"][number]) for case in cases]
        for answer, (count, _of) in figures_of(question).items():
            assert sum(part[answer][0] for part in parts) == count


def test_the_questions_with_most_dont_knows_come_first(demonstrated: Audit, demonstration: Flask) -> None:
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
