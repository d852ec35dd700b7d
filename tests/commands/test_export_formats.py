"""The extension of a file name chooses the format of an export."""

import pytest

from surveyapp.commands.export_formats import export_format
from surveyapp.foundation.errors import Refused


@pytest.mark.parametrize("name", ["figures.XLSX", "a.b.csv", "x.json", "x.ZIP"])
def test_the_extension_chooses_the_format(name: str) -> None:
    assert export_format(name).ending == name.rpartition(".")[2].lower()


def test_an_extension_of_two_parts_is_recognised() -> None:
    assert export_format("audit.Returns.PDF").ending == "returns.pdf"


@pytest.mark.parametrize("name", ["figures", "figures.xls", "xlsx", "a.doc", ""])
def test_an_unknown_extension_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(Refused) as refused:
        export_format(name)
    assert ".xlsx, .csv, .json, .docx, .pdf, .returns.pdf, .zip" in refused.value.message
