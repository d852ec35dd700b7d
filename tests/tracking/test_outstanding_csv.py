from surveyapp.tracking.outstanding_csv import OUTSTANDING_HEADINGS


def test_the_csv_file_has_the_headings_of_the_page() -> None:
    assert OUTSTANDING_HEADINGS[:3] == ("Agency", "Case", "Stands at")
    assert {"Contact", "Telephone", "Chased"} < set(OUTSTANDING_HEADINGS)
