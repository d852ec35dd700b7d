"""The benchmark page and its form."""

import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.collating.models import Benchmark
from tests.collating.example_answers import text_of
from tests.page_client import PageClient, seen_digest
from tests.row_maker import Maker

FORM = {
    "measure": "Repeat plans, per cent of all plans",
    "period": "year to 31 March 2013",
    "source": "R2014 2.6.2",
    "national_average": "14.9%",
    "own_count": "34",
    "own_of": "202",
    "rows": "Warrington\t20.4\nSolihull\t9.6\nHertfordshire, 16.0",
}


def test_a_pasted_table_is_shown_in_order_with_its_mean_and_our_place(
    client: PageClient, make: Maker
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    assert client.get(path, status=302).headers["Location"].endswith(f"{path}/change")
    assert "Add a benchmark" in client.get(f"{path}/change").text
    page = text_of(client.follow(client.post(f"{path}/change", FORM)).text)
    assert "The benchmark is saved." in page
    assert "Warrington 20.4 " in page
    assert "(own figure, 34 of 202) 16.8 Hertfordshire 16.0 Solihull 9.6" in page
    assert "Mean of the 3 places, without the own figure 15.3 National average 14.9" in page
    assert "16.8% (34 of 202): of 3 places, 1 is higher and 2 lower." in page
    assert "Source: R2014 2.6.2" in page
    assert "Repeat plans, per cent of all plans, year to 31 March 2013." in page


def test_a_stored_benchmark_can_be_changed_and_removed(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    client.post(f"{path}/change", FORM)
    page = client.get(f"{path}/change").text
    assert "Change the benchmark" in page
    assert "Hertfordshire\t16.0" in page
    assert 'value="202"' in page
    client.post(f"{path}/change", FORM | {"own_count": "", "own_of": "", "national_average": ""})
    page = text_of(client.get(path).text)
    assert "own figure," not in page
    assert "National average" not in page
    client.post(f"{path}/remove")
    assert session.scalar(select(Benchmark.id)) is None
    assert "There was no benchmark." in client.follow(client.post(f"{path}/remove")).text


def test_a_csv_file_replaces_the_pasted_table(client: PageClient, make: Maker, session: Session) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    content = '\ufeffAuthority,Per cent\r\n"Bristol, City of",12.3\r\n'.encode()
    client.post(f"{path}/change", FORM | {"file": (io.BytesIO(content), "neighbours.csv")})
    assert session.scalars(select(Benchmark)).one().pairs == [("Bristol, City of", "12.3")]
    for content, words in (
        (b"Kent\x81,1", "The file is not text: save it as CSV, or paste its cells"),
        (b"PK\x03\x04", "The file is an Excel or LibreOffice workbook: save it as CSV"),
        (b"Kent,1\n" * 20_000, "The file is larger than 100 kB"),
        (b"Authority,Per cent\n", "Paste at least one place"),
        (b"Kent,1\nDevon,x\n", "Row 2: “x” is not a per cent"),
    ):
        form = FORM | {"file": (io.BytesIO(content), "neighbours.csv")}
        assert words in client.post(f"{path}/change", form, status=422).text


def test_figures_of_a_spreadsheet_with_a_decimal_comma_are_read(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    content = b"Name;Rate\r\nBolton;20,4\r\nBury;16,0\r\n"
    client.post(f"{path}/change", FORM | {"national_average": "14,9", "file": (io.BytesIO(content), "a.csv")})
    benchmark = session.scalars(select(Benchmark)).one()
    assert benchmark.pairs == [("Bolton", "20.4"), ("Bury", "16.0")]
    assert benchmark.national_average == "14.9"


def test_figures_that_are_all_1_or_less_are_asked_about(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    form = FORM | {"rows": "", "national_average": "0.149"}
    file = (io.BytesIO(b"Bolton,0.204\nBury,0.16\n"), "fraction.csv")
    page = client.post(f"{path}/change", form | {"file": file}, status=422).text
    assert "Say what these figures are: all of them are 1 or less" in page
    assert "Parts of one: 0.204 is 20.4 per cent" in page
    assert "Bolton,0.204\nBury,0.16" in page, "The file is not lost."
    assert session.scalars(select(Benchmark)).first() is None
    for answer, pairs, average in (
        ("per_cents", [("Bolton", "0.204"), ("Bury", "0.16")], "0.149"),
        ("parts", [("Bolton", "20.4"), ("Bury", "16")], "14.9"),
    ):
        typed = form | {"rows": "Bolton,0.204\nBury,0.16", "figures_are": answer}
        client.post(f"{path}/change", typed)
        session.expire_all()
        benchmark = session.scalars(select(Benchmark)).one()
        assert (benchmark.pairs, benchmark.national_average) == (pairs, average)
        asked_again = "What are these figures?" in client.get(f"{path}/change").text
        assert asked_again == (answer == "per_cents")


def test_every_mistake_is_shown_and_typed_text_is_kept(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark/change"
    wrong = FORM | {
        "measure": "",
        "own_count": "300",
        "national_average": "x",
        "rows": "Kent,c\nDevon 3\nBath,1",
    }
    page = client.post(path, wrong, status=422).text
    words = text_of(page)
    for message in (
        "Say what is measured",
        "300 cannot be out of 202: check both numbers",
        "Give the national average as a per cent, such as 14.9",
        "Row 1: “c” is not a per cent",
        "Row 2: write a name, a tab or a comma",
    ):
        assert message in words
    assert "Devon 3" in page
    assert session.scalar(select(Benchmark.id)) is None
    page = client.post(path, FORM | {"own_of": "many"}, status=422).text
    assert "Give what your own count is out of as a whole number" in page
    assert "Paste at least one place" in client.post(path, FORM | {"rows": ""}, status=422).text


def test_markup_in_a_table_is_shown_as_text(client: PageClient, make: Maker) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    client.post(f"{path}/change", FORM | {"rows": "<b>Kent</b> {{7*7}},3", "source": "<i>x</i>"})
    page = client.get(path).text
    assert "<b>Kent" not in page
    assert "{{7*7}}" in page
    assert "<i>x" not in page


def test_two_people_who_change_one_benchmark_see_both_versions(
    client: PageClient, make: Maker, session: Session
) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/collation/benchmark"
    before = seen_digest(client.get(f"{path}/change").text)
    client.post(f"{path}/change", FORM | {"seen": before})
    page = client.post(f"{path}/change", FORM | {"rows": "Kent, 1.0", "seen": before}, status=409).text
    assert "Places Warrington, 20.4 Solihull, 9.6 Hertfordshire, 16.0" in text_of(page)
    assert "Kent\t1.0</textarea>" in page
    assert len(session.scalars(select(Benchmark)).one().pairs) == 3
    client.post(f"{path}/change", FORM | {"rows": "Kent, 1.0", "seen": seen_digest(page)})
    seen = seen_digest(client.get(f"{path}/change").text)
    client.post(f"{path}/remove")
    page = client.post(f"{path}/change", FORM | {"seen": seen}, status=409).text
    assert "the benchmark was taken away" in page
    content = io.BytesIO(b"Devon,2.5\n")
    page = client.post(
        f"{path}/change", FORM | {"seen": seen, "file": (content, "places.csv")}, status=409
    ).text
    assert "Devon\t2.5</textarea>" in page
    client.post(f"{path}/change", FORM | {"seen": seen_digest(page)})
