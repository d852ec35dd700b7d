"""The sheets of an exported workbook."""

import re

import pytest
from defusedxml.ElementTree import fromstring
from sqlalchemy.orm import Session

from surveyapp.collating.filters import Filters
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.workbook.theme_sheets import THEME_HEAD
from tests.conftest import MONDAY_MORNING
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import FORM, ODD_TEXTS
from tests.exports.opened_files import exported, opened, part, rows, shown
from tests.row_maker import Maker


def about(book: object) -> dict[str, str]:
    return {
        str(row[0]): str(row[1])
        for row in book["About"].iter_rows(values_only=True)  # type: ignore[index]  # a workbook
        if row[0] and row[1]
    }


def test_a_theme_does_not_take_the_name_of_another_sheet(every_kind: EveryKind) -> None:
    book = opened(exported(every_kind(), "xlsx"))
    assert book.sheetnames == [
        "About",
        "Returns 2",
        "File-record -management-- a the",
        "Returns",
        "Comments",
        "Cases",
        "Codebook",
    ]
    assert about(book)["File-record -management-- a the"] == FORM.themes["second"]


def test_each_return_is_a_row_with_a_column_for_each_question(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    police, school = make.requests(audit)
    make.returned(
        police,
        (
            GivenAnswer("seen", option="no"),
            GivenAnswer("seen", item="comment", text="+1"),
            GivenAnswer("file", item="plan", option="yes"),
            GivenAnswer("file", item="map", option="no"),
            GivenAnswer("needs", option="a"),
            GivenAnswer("needs", option="b"),
            GivenAnswer("how_many", text="3"),
            GivenAnswer("when", text="2026-03-09"),
            GivenAnswer("who", item="email", text="ann@police.example"),
        ),
    )
    make.returned(school, (GivenAnswer("seen", option="yes"),))
    first, second = rows(opened(exported(audit, "xlsx")), "Returns")
    assert (first["Case"], first["Age band"], first["Gender"]) == ("Child 1", "Under 5 years", "female")
    assert (first["Agency kind"], first["Request"], first["Late"]) == ("Police", police.reference, "no")
    assert first["Returned (UK time)"].isoformat() == "2026-11-30T09:00:00"
    assert (first["1. =Was the child seen?"], first["1. @Comments"]) == ("No", "+1")
    assert first["2. Alone?"] == "not asked"
    assert (first["4. The file has: A plan"], first["4. The file has: +A map"]) == ("Yes", "No")
    assert first["3. Which needs?"] == "Alcohol; Housing"
    assert first["8. How many?"] == 3
    assert first["9. When?"].date().isoformat() == "2026-03-09"
    assert first["10. Who?"] == "given, not exported"
    assert first["11. Logged?"] is None
    assert second["11. Logged?"] == "not asked"
    assert second["2. Alone?"] is None


def test_comments_are_listed_by_question_beside_their_answers(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    for number, audit_request in enumerate(make.requests(audit)):
        make.returned(
            audit_request,
            (
                GivenAnswer("file", item="plan", option="yes"),
                GivenAnswer("file", item="map", option="no"),
                GivenAnswer("file", item="comment", text=f"file {number}"),
                GivenAnswer("seen", option="dk"),
                GivenAnswer("seen", item="comment", text=f"seen {number}"),
            ),
        )
    table = rows(opened(exported(audit, "xlsx")), "Comments")
    assert [row["Number"] for row in table] == [1] * 4 + [4] * 4
    assert {(row["Question"], row["Answer"]) for row in table} == {
        ("=Was the child seen?", "Don’t know"),
        ("The file has", "A plan"),
    }
    assert sorted(row["Comment"] for row in table) == sorted(
        f"{what} {number}" for what in ("file", "seen") for number in range(4)
    )


def test_withdrawn_requests_are_counted_apart_and_nil_returns_have_their_reason(
    every_kind: EveryKind, make: Maker, session: Session
) -> None:
    audit = every_kind(cases=2)
    returned, nil, withdrawn, _outstanding = make.requests(audit)
    make.returned(returned, (GivenAnswer("seen", option="yes"),))
    make.returned(nil).nil_reason = "not_known"
    make.returned(withdrawn)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    book = opened(exported(audit, "xlsx"))
    facts = about(book)
    assert facts["Returned"] == "2 of 3 returned (66.7%), 1 withdrawn"
    assert facts["Withdrawn, of what is kept"] == "1, in no figure"
    texts = [cell for row in book["About"].iter_rows(values_only=True) for cell in row if cell]
    assert "Nil returns: 1" in texts
    assert "This child is not known to us" in texts
    assert [row["Nil return because"] for row in rows(book, "Returns")].count(
        "This child is not known to us"
    ) == 1
    words = [cell for row in rows(book, "Cases") for name, cell in row.items() if name != "Case"]
    assert sorted(words) == ["nil return", "not sent", "returned", "withdrawn"]


def test_filters_are_applied_and_described(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("seen", option="yes"),))
    book = opened(exported(audit, "xlsx", filters=Filters(kinds=("school",))))
    assert about(book)["Kept"] == "Only School or education"
    assert "Fewer than 6" in about(book)["Small numbers"]
    assert {row["Agency kind"] for row in rows(book, "Returns")} == {"School or education"}
    assert len(rows(book, "Cases")[0]) == 2


def test_every_chart_has_alternative_text_and_draws_from_its_cells(
    every_kind: EveryKind, make: Maker
) -> None:
    audit = every_kind()
    make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("seen", option="yes"),
            GivenAnswer("file", item="plan", option="yes"),
            GivenAnswer("file", item="map", option="no"),
            GivenAnswer("needs", option="a"),
        ),
    )
    content = exported(audit, "xlsx")
    descriptions = re.findall(r'descr="([^"]*)"', "".join(part(content, "drawings/drawing")))
    charts = part(content, "charts/chart")
    assert len(descriptions) == len(charts) == 3
    assert any(
        description.startswith(
            "Bar chart. 1. =Was the child seen?. =Yes 1 of 1 return (100%), No 0 of 1 return (0%)"
        )
        for description in descriptions
    )
    assert any(
        "A plan: Yes 1 of 1 return (100%), No 0 of 1 return (0%)." in description
        for description in descriptions
    )
    assert sum('grouping val="percentStacked"' in chart for chart in charts) == 2
    for chart in charts:
        assert "<c:f>" in chart
        assert "<c:numCache>" in chart


def test_the_codebook_has_every_question_line_and_option(every_kind: EveryKind) -> None:
    table = rows(opened(exported(every_kind(), "xlsx")), "Codebook")
    assert {row["Question id"] for row in table} == {question.id for question in FORM.questions}
    seen = [row for row in table if row["Question id"] == "seen"]
    assert [(row["Option"], row["Option wording"], row["Counts as"]) for row in seen[:4]] == [
        ("yes", "=Yes", ""),
        ("no", "No", ""),
        ("na", "Not applicable", "not applicable"),
        ("dk", "Don’t know", "don’t know"),
    ]
    grades = [row["Option wording"] for row in table if row["Question id"] == "grade"]
    assert grades == ["1", "2: the better"]
    assert [row["Line id"] for row in table if row["Question id"] == "file"] == ["plan", "map", "comment"]
    asked = {row["Question id"]: row["Asked"] for row in table}
    assert asked["police_only"] == "Only put to: Police."
    assert asked["alone"] == "Put to all agencies. Answer this if your answer to question 1 is “=Yes”."


def test_odd_texts_and_long_ones_are_whole_and_no_formula(every_kind: EveryKind, make: Maker) -> None:
    long = "y" * 40_000
    audit = every_kind(cases=len(ODD_TEXTS), title='=HYPERLINK("x")')
    texts = [*ODD_TEXTS, long]
    for text, audit_request in zip(texts, make.requests(audit), strict=False):
        make.returned(audit_request, (GivenAnswer("seen", item="comment", text=text),))
    content = exported(audit, "xlsx")
    assert not [xml for xml in part(content, "worksheets/") if "<f>" in xml or "<hyperlink " in xml]
    for xml in (*part(content, ".xml"), *part(content, ".rels")):
        fromstring(xml)
    book = opened(content)
    for sheet in ("Comments", "Returns"):
        cells = [
            shown(cell) for row in book[sheet].iter_rows(min_row=2, values_only=True) for cell in row if cell
        ]
        for text in ODD_TEXTS:
            assert text in cells or f"{text} " in cells, (sheet, text)
        long_cells = [cell for cell in cells if isinstance(cell, str) and cell.count("y") > 1_000]
        assert [cell.count("y") >= 1_000 for cell in long_cells] == [True, True]
        assert sum(len(re.findall("y{2,}", cell)[0]) for cell in long_cells) == len(long)


@pytest.mark.slow
def test_an_audit_without_a_return_shows_no_per_cent_and_no_chart(every_kind: EveryKind) -> None:
    content = exported(every_kind(), "xlsx")
    assert part(content, "charts/chart") == []
    figures = rows(opened(content), "Returns 2")
    assert {row["Per cent"] for row in figures} == {None}


def test_every_sheet_prints_landscape_with_its_head_on_each_page(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request)
    book = opened(exported(audit, "xlsx"))
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == (None if sheet.title == "About" else "$1:$1")
    themes = book.worksheets[1:3]
    # A chart and its rule are never cut between pages.
    assert [sheet.col_breaks.brk[0].id for sheet in themes] == [THEME_HEAD.index("Rule")] * 2
    # The file has no setting if one page is wide enough.
    assert [book[name].page_setup.fitToWidth for name in ("Comments", "Codebook")] == [None, 2]
    assert [book[name].print_title_cols for name in ("Comments", "Codebook")] == [None, "$A:$A"]
