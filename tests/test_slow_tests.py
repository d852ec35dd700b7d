import re
from pathlib import Path

from tests.slow_tests import LIST

ROOT = Path(__file__).parents[1]


def test_every_test_that_the_list_names_is_there() -> None:
    """A test that was renamed or deleted leaves the list too."""
    names = LIST.read_text(encoding="utf-8").splitlines()
    assert names == sorted(set(names))
    files = {name.partition("::")[0] for name in names}
    tests = {
        f"{file}::{test}"
        for file in files
        if (ROOT / file).exists()
        for test in re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(names) - tests == set()
