"""Reading a set-up workbook: mistakes with their rows, and values."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from surveyapp.planning.cases.ages import HOW_TO_WRITE
from surveyapp.planning.setup.setup_file import check_set_up, open_set_up, read_set_up
from tests.planning.setup.conftest import Sheets, Shown, notices, workbook_mistakes

# Workbooks have no time zones, and a day may have an hour.
AT_HALF_PAST = datetime(2026, 12, 18, 9, 30, tzinfo=UTC).replace(tzinfo=None)


ADDRESS = "audit@police.example"
MISSING_NOUGHT = "If a nought in front is missing, format the column as Text and type it again"


Write = Callable[[Sheets], bytes]


pytestmark = pytest.mark.usefixtures("session")


def test_every_mistake_is_told_with_its_row(sheets: Sheets, workbook: Write) -> None:
    sheets["Audit"][2][1] = "gone"
    sheets["Agencies"].append(["Northside Police", "police"])
    sheets["Contacts"].append(["Southside Police", "Lead", "lead@south.example", "lead"])
    sheets["Contacts"].append(["Northside Police", "Lead", "lead at police", "lead"])
    sheets["Contacts"].append(["Northside Police", "Other", ADDRESS, "deputy"])
    sheets["Cases"].append(["CHILD 1", "4 years"])
    sheets["Cases"].append(["Child 4", "four"])
    sheets["Grid"][0].append("Eastside Police")
    sheets["Grid"].append(["Child 9", "x"])
    sheets["Grid"][2][1] = "maybe"
    known = "the agencies are “Northside Social Care”, “Northside Police”"
    found = workbook_mistakes(workbook(sheets))
    assert found[0].startswith("Audit row 3: there is no form “gone”; the forms are emotional_abuse_2022, ")
    assert found[1:] == [
        "Agencies row 4: “Northside Police” is there twice, first in row 3",
        f"Contacts row 5: there is no agency “Southside Police”; {known}",
        "Contacts row 6: “lead at police” is not an email address. Enter one, like name@agency.example",
        f"Contacts row 7: {ADDRESS} is there already, in row 4, with another name, telephone or role",
        "Cases row 4: “CHILD 1” is there twice, first in row 2",
        f"Cases row 5: “four” is not an age: write it like {HOW_TO_WRITE}",
        f"Grid row 1: there is no agency “Eastside Police”; {known}",
        "Grid row 3: “maybe” under Northside Social Care is neither an x nor empty",
        "Grid row 4: there is no case “Child 9” in the sheet Cases",
    ]


@pytest.mark.parametrize("sheet", ["Agencies", "Contacts", "Cases", "Grid"])
def test_an_empty_sheet_is_named(sheets: Sheets, workbook: Write, sheet: str) -> None:
    del sheets[sheet][1:]
    found = workbook_mistakes(workbook(sheets))
    assert any(mistake.startswith(f"{sheet}: ") for mistake in found), found
    assert len([mistake for mistake in found if mistake.startswith(f"{sheet}: ")]) == 1


def test_a_missing_sheet_is_named(sheets: Sheets, workbook: Write) -> None:
    del sheets["Contacts"]
    assert workbook_mistakes(workbook(sheets)) == ["Contacts: there is no sheet called Contacts"]


def test_a_missing_sheet_hides_no_mistake_of_the_others(sheets: Sheets, workbook: Write) -> None:
    del sheets["Grid"]
    sheets["Cases"].append(["Child 4", "four"])
    cases, grid = workbook_mistakes(workbook(sheets))
    assert cases.startswith("Cases row 4: “four” is not an age")
    assert grid == "Grid: there is no sheet called Grid"


def test_a_misspelt_heading_and_a_missing_one_are_named(sheets: Sheets, workbook: Write) -> None:
    sheets["Contacts"][0][2] = "emial"
    found = workbook_mistakes(workbook(sheets))
    assert (
        "Contacts row 1: “emial” is no column of Contacts; there are agency, name, email, role, telephone"
        in found
    )
    assert "Contacts row 1: there is no column “email”" in found


def test_real_dates_and_iso_text_are_days_in_either_epoch(sheets: Sheets) -> None:
    for epoch in (WINDOWS_EPOCH, MAC_EPOCH):
        book = openpyxl.Workbook()
        book.epoch = epoch
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append([AT_HALF_PAST if cell == date(2026, 12, 18) else cell for cell in row])
        written = io.BytesIO()
        book.save(written)
        said = read_set_up(written.getvalue(), "set-up.xlsx")
        assert (said.issue_on, said.due_on) == (date(2026, 12, 1), date(2026, 12, 18))


def test_a_date_shown_as_a_number_is_refused_in_a_sentence(sheets: Sheets, workbook: Write) -> None:
    row = next(row for row in sheets["Audit"] if row[0] == "issue_on")
    row[1] = 46357
    (mistake,) = workbook_mistakes(workbook(sheets))
    assert mistake.startswith(f"Audit row {sheets['Audit'].index(row) + 1}: “46357” is a number: ")
    assert mistake.endswith("write a day like 2026-12-01 or 1 December 2026")


def test_numbers_become_text(sheets: Sheets, workbook: Write) -> None:
    sheets["Cases"][1][0] = 1
    sheets["Grid"][1][0] = 1.0
    said = read_set_up(workbook(sheets), "set-up.xlsx")
    assert said.cases[0].case == "1"
    assert notices(said) == [f"Cases row 2: case 1 is a number, taken as shown. {MISSING_NOUGHT}"]


def test_numbers_where_references_and_telephones_belong_are_pointed_out_as_shown(
    sheets: Sheets, workbook: Write
) -> None:
    sheets["Contacts"][1][4] = Shown(1234567890, "00000000000")
    sheets["Contacts"][2][4] = 1632960001
    sheets["References"] = [["Case", "Northside Police"], ["Child 1", Shown(471, "00000")]]
    said = read_set_up(workbook(sheets), "set-up.xlsx")
    telephones = [contact.telephone for contact in said.agencies[0].contacts]
    assert telephones == ["01234567890", "01632960001"]
    assert said.cases[0].references == {"Northside Police": "00471"}
    assert notices(said) == [
        f"Contacts row 2: telephone 01234567890 is a number, taken as shown. {MISSING_NOUGHT}",
        "Contacts row 3: telephone 1632960001 had lost its nought or plus: taken as 01632960001",
        (
            "References row 2: the reference of Northside Police 00471 is a number, taken as shown. "
            f"{MISSING_NOUGHT}"
        ),
    ]


def test_a_number_of_more_digits_than_are_kept_is_a_mistake(sheets: Sheets, workbook: Write) -> None:
    sheets["References"] = [["Case", "Northside Police"], ["Child 1", 12345678901234567890]]
    assert workbook_mistakes(workbook(sheets)) == [
        (
            "References row 2: the reference of Northside Police is a number of which a workbook keeps only "
            "15 digits. Format the column as Text and type it again"
        )
    ]


def test_a_text_that_excel_made_a_date_is_a_mistake(sheets: Sheets, workbook: Write) -> None:
    sheets["Cases"][1][0] = sheets["Grid"][1][0] = date(2026, 2, 1)
    assert (
        "Cases row 2: case is a date in this workbook, Sunday 1 February 2026. Format the column as Text and "
        "type it again" in workbook_mistakes(workbook(sheets))
    )


def test_a_number_in_the_grid_is_the_case_with_a_nought_in_front(sheets: Sheets, workbook: Write) -> None:
    sheets["Cases"][1][0], sheets["Grid"][1][0] = "01", 1
    sheets["References"] = [["Case", "Northside Police"], [1, "OCC/1"]]
    said = read_set_up(workbook(sheets), "set-up.xlsx")
    assert said.cases[0].references == {"Northside Police": "OCC/1"}
    assert notices(said) == [
        "Grid row 2: the number 1 is taken as the case “01”",
        "References row 2: the number 1 is taken as the case “01”",
    ]
    sheets["Cases"].append(["001", "3 years"])
    assert "Grid row 2: there is no case “1” in the sheet Cases" in workbook_mistakes(workbook(sheets))


def test_an_agency_is_recognised_however_each_sheet_types_it(sheets: Sheets, workbook: Write) -> None:
    sheets["Agencies"][2][0] = "St Mary's School"
    sheets["Contacts"][3][0] = "St Mary’s School"
    sheets["Grid"][0][2] = "ST\u200b MARY’S  SCHOOL"
    sheets["References"] = [["Case", "St\u00a0Mary’s School"], ["Child 1", "OCC/1"]]
    said = read_set_up(workbook(sheets), "set-up.xlsx")
    assert said.size == "2 cases, 2 agencies, 3 requests"
    assert said.cases[0].references == {"St Mary's School": "OCC/1"}
    assert [contact.email for contact in said.agencies[1].contacts] == [ADDRESS]


def test_hidden_rows_columns_and_sheets_are_named_and_taken(sheets: Sheets, workbook: Write) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets)))
    for row in (2, 3, 4, 900):
        book["Contacts"].row_dimensions[row].hidden = True
    book["Grid"].column_dimensions["C"].hidden = True
    book["Grid"].column_dimensions["Q"].hidden = True
    book["Cases"].row_dimensions[2].hidden = True
    book["Agencies"].sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    said = read_set_up(written.getvalue(), "set-up.xlsx")
    assert said.size == "2 cases, 2 agencies, 3 requests"
    assert notices(said) == [
        "Agencies: the sheet is hidden in the workbook, and is taken all the same",
        "Contacts: rows 2 to 4 are hidden in the workbook, and are taken all the same",
        "Cases: row 2 is hidden in the workbook, and is taken all the same",
        "Grid: column C is hidden in the workbook, and is taken all the same",
    ]


def test_a_sheet_padded_with_formatted_cells_is_read_as_what_it_holds(
    sheets: Sheets, workbook: Write
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets)))
    for row in book["Grid"]["A1:Z1000"]:  # as Google Sheets pads a sheet
        for cell in row:
            cell.font = Font(bold=True)
    written = io.BytesIO()
    book.save(written)
    opened = open_set_up(written.getvalue(), "set-up.xlsx")
    assert len(opened.packed()) < 2_000
    assert check_set_up(opened).size == "2 cases, 2 agencies, 3 requests"


def test_a_formula_is_not_evaluated(sheets: Sheets, workbook: Write) -> None:
    sheets["Cases"][1][1] = "=1+2"
    assert workbook_mistakes(workbook(sheets)) == [
        "Cases row 2: a formula stands here: put its value instead"
    ]


def test_chasers_that_are_no_whole_numbers_are_refused(sheets: Sheets, workbook: Write) -> None:
    row = next(row for row in sheets["Audit"] if row[0] == "chasers")
    row[1] = "-5, 0, 2.5"
    assert workbook_mistakes(workbook(sheets)) == [
        f'Audit row {sheets["Audit"].index(row) + 1}: expected a whole number, found "2.5"'
    ]


def test_a_setting_twice_and_one_unknown_are_named(sheets: Sheets, workbook: Write) -> None:
    sheets["Audit"] += [["form", "other"], ["colour", "blue"], ["ask_for_code", "perhaps"]]
    found = workbook_mistakes(workbook(sheets))
    last = len(sheets["Audit"])
    assert found[0] == f"Audit row {last - 2}: “form” is given twice, first in row 3"
    assert found[1] == f'Audit row {last - 1}: "colour" is not known here; check the spelling'
    assert found[2] == f'Audit row {last}: expected true or false, found "perhaps"'


@pytest.mark.parametrize(("said", "means"), [("yes", True), ("No", False), (None, None)])
def test_the_setting_for_a_code_is_yes_no_or_empty(
    sheets: Sheets, workbook: Write, said: str | None, *, means: bool | None
) -> None:
    sheets["Audit"].append(["ask_for_code", said])
    assert read_set_up(workbook(sheets), "set-up.xlsx").details.ask_for_code is means


def test_more_rows_than_a_set_up_has_are_refused(sheets: Sheets, workbook: Write) -> None:
    sheets["Cases"] += [[f"Case {number}", "3 years"] for number in range(1_050)]
    assert "Cases: there are more than 1,000 rows" in workbook_mistakes(workbook(sheets))


def test_the_sheet_of_references_is_optional(sheets: Sheets, workbook: Write) -> None:
    assert [case.references for case in read_set_up(workbook(sheets), "set-up.xlsx").cases] == [{}, {}]
    sheets["References"] = [["Case", "Northside Police"], ["Child 1", 4471]]
    found = read_set_up(workbook(sheets), "set-up.xlsx").cases
    assert [case.references for case in found] == [{"Northside Police": "4471"}, {}]


def test_references_without_a_tick_or_a_case_are_reported_with_their_rows(
    sheets: Sheets, workbook: Write
) -> None:
    sheets["References"] = [
        ["Case", "Northside Police", "Eastside Police"],
        ["Child 2", "OCC/1"],
        ["Child 9", "OCC/2"],
        ["Child 2", "OCC/3"],
    ]
    known = "the agencies are “Northside Social Care”, “Northside Police”"
    untouched = "Northside Police has a reference and is not asked about Child 2: tick it, or leave it out"
    assert workbook_mistakes(workbook(sheets)) == [
        f"References row 1: there is no agency “Eastside Police”; {known}",
        f"References row 2: {untouched}",
        "References row 3: there is no case “Child 9” in the sheet Cases",
        "References row 4: “Child 2” is there twice",
    ]
