"""The exports of the demonstration have the figures that the report of February 2014 prints."""

import pytest

from surveyapp.planning.models import Audit
from tests.exports.opened_files import csv_rows, exported, json_of, opened, rows
from tests.published import TOGETHER, published

# A few figures as printed: question number, answer, count, of and per cent as printed.
PRINTED = {
    (2, "", "Yes"): (58, 70, 82.9),
    (2, "", "No"): (4, 70, 5.7),
    (2, "", "Not applicable"): (8, 70, 11.4),
    (1, "Marker or alert", "Yes"): (73, 75, 97.3),
    (1, "Case summary or chronology", "Yes"): (66, 75, 88),
    (7, "", "No"): (10, 72, 13.9),
    (7, "", "Don’t know"): (31, 72, 43.1),
}


def sheets(content: bytes) -> dict[tuple[int, str, str], tuple[int, int, float]]:
    """Every figure of a workbook's themes."""
    book = opened(content)
    names = book.sheetnames[1 : book.sheetnames.index("Returns")]
    return {
        (row["Number"], row["Line"] or "", row["Answer"]): (row["Count"], row["Of"], row["Per cent"])
        for name in names
        for row in rows(book, name)
        if row["Number"]
    }


@pytest.mark.slow
def test_the_workbook_of_the_demonstration_has_the_printed_figures(demonstrated: Audit) -> None:
    content = exported(demonstrated, "xlsx")
    figures_of_workbook = sheets(content)
    assert {key: figures_of_workbook[key] for key in PRINTED} == PRINTED
    assert len(rows(opened(content), "Returns")) == 77
    about = [cell for row in opened(content)["About"].iter_rows(values_only=True) for cell in row]
    assert "77 of 90 returned (85.6%)" in about
    assert len(rows(opened(content), "Cases")) == 15


def test_every_published_figure_is_in_workbook_csv_and_json(
    demonstrated: Audit,
) -> None:
    in_sheets = sheets(exported(demonstrated, "xlsx"))
    in_json = json_of(exported(demonstrated, "json"))
    in_csv = csv_rows(exported(demonstrated, "csv"))
    asked = {question["id"]: question for question in in_json["codebook"]}
    for name, figures in published()["questions"].items():
        question = asked[name]
        options = {option["value"]: option["short"] or option["label"] for option in question["options"]}
        lines = {line["id"]: line["short"] or line["label"] for line in question["items"]}
        answers = [row for row in in_csv if row["question"] == name and row["item"] != "comment"]
        for figure, printed in figures.items():
            if lines:
                count, of, _percent = in_sheets[question["number"], lines[figure], "Yes"]
                chosen = [row for row in answers if (row["item"], row["option"]) == (figure, "yes")]
                answered = [row for row in answers if row["item"] == figure]
            else:
                values = TOGETHER.get(figure, (figure,))
                shares = [in_sheets[question["number"], "", options[value]] for value in values]
                count, of = sum(share[0] for share in shares), shares[0][1]
                chosen, answered = [row for row in answers if row["option"] in values], answers
            assert (count, of) == (printed["count"], printed["of"]), (name, figure)
            assert (len(chosen), len(answered)) == (printed["count"], printed["of"]), (name, figure)
