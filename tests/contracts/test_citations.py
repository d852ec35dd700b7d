"""Every citation of a promise or a story names a code or section of docs/promises.md or docs/stories.md.

The form is `(promises 3.1)`, `(stories F3, 4.8)` or, for a range, `(promises M1 to M10)`. The oddities of the
sources are numbered too: `(stories IL7, oddity 22)`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOKS = ("promises", "stories")
FOLDERS = ("surveyapp", "tests", "forms", "migrations", "docs")
SUFFIXES = {".css", ".html", ".js", ".md", ".py", ".toml", ".txt", ".typ", ".yaml"}

REFERENCE = r"(?:[A-Z]{1,2}\d+|\d+(?:\.\d+)?|oddity \d+)"
CITATION = re.compile(rf"\b({'|'.join(BOOKS)}) ({REFERENCE}(?:(?:, | to | and ){REFERENCE})*)")
RANGE = re.compile(r"([A-Z]+)(\d+) to \1(\d+)")
# In a book itself a code without the name of a book refers to the same book.
WITHOUT_BOOK = re.compile(r"[\s\"]\([A-Z]{1,2}\d{1,2}(?:(?:, | to | and )[A-Z]{1,2}\d{1,2})*\)")
IN_CAPITALS = re.compile(r"\b(?:PROMISES|STORIES|DESIGN|SCREENS|STYLE|HOUSE)(?:\.md)? [A-Z]?\d[\d.]*")
# A fault test is named after the faults it injects: test_m3_m4_..., test_a13_to_a16_...
FAULTS_IN_NAME = re.compile(r"def test_((?:[admptlxig]\d{1,2}_(?:to_)?)+)")


def targets(book: str) -> list[str]:
    """All codes, sections and oddities of a book in order; duplicates appear twice."""
    found = []
    section = ""
    # The tests of the stories are listed by the same codes.
    text = re.sub(
        r"\| Code \| Tests \|.*?\n\n", "", (ROOT / "docs" / f"{book}.md").read_text("utf-8"), flags=re.DOTALL
    )
    for line in text.splitlines():
        if heading := re.match(r"#{2,3} (\d+(?:\.\d+)?)\.? ", line):
            section = heading[1]
            found.append(section)
        elif row := re.match(r"\| ([A-Z]{1,2}\d+) \|", line):
            found.append(row[1])
        elif (book, section) == ("stories", "5") and (oddity := re.match(r"(\d+)\. ", line)):
            found.append(f"oddity {oddity[1]}")
    return found


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Each citation of a text as book and reference, ranges expanded; a citation may span lines."""
    on_one_line = re.sub(r"[ \t]*\n[ \t]*(?:#|//|\*)?[ \t]*", " ", text)
    for book, references in CITATION.findall(on_one_line):
        for letters, first, last in RANGE.findall(references):
            yield from ((book, f"{letters}{number}") for number in range(int(first), int(last) + 1))
        yield from ((book, reference) for reference in re.findall(REFERENCE, RANGE.sub("", references)))


def texts() -> Iterator[tuple[str, str]]:
    """The path and the text of every file that may have citations."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and "govuk" not in path.parts:
                # Some test forms are deliberately not UTF-8.
                yield str(path.relative_to(ROOT)), path.read_text("utf-8", errors="replace")


def unresolved(text: str) -> list[str]:
    """The citations of a text that name no code or section."""
    return [f"{book} {reference}" for book, reference in citations(text) if reference not in targets(book)]


def test_every_citation_leads_to_a_code_or_section_in_docs() -> None:
    stands = {book: set(targets(book)) for book in BOOKS}
    cited = [(path, *citation) for path, text in texts() for citation in citations(text)]
    assert {book for _path, book, _reference in cited} == set(BOOKS)
    lost = [
        f"{path}: ({book} {reference})" for path, book, reference in cited if reference not in stands[book]
    ]
    assert lost == [], "No such code or section stands in docs/promises.md or docs/stories.md."


def test_every_citation_names_its_book_in_lower_case() -> None:
    own = {f"docs/{book}.md" for book in BOOKS}
    nameless = [
        f"{path}: {match[0].strip()}"
        for path, text in texts()
        for match in (*IN_CAPITALS.finditer(text), *(WITHOUT_BOOK.finditer(text) if path not in own else ()))
    ]
    assert nameless == [], "Write (promises A22) or (stories J2)."


def test_every_fault_in_the_name_of_a_test_is_in_the_promises() -> None:
    stands = set(targets("promises"))
    named = {
        fault.upper(): path
        for path, text in texts()
        if path.startswith("tests/")
        for faults in FAULTS_IN_NAME.findall(text)
        for fault in re.findall(r"[a-z]\d+", faults)
    }
    assert {"M1", "A16", "L14"} <= set(named)
    assert {fault: path for fault, path in named.items() if fault not in stands} == {}


@pytest.mark.parametrize("book", BOOKS)
def test_each_code_and_section_appears_once(book: str) -> None:
    repeated = [target for target, times in Counter(targets(book)).items() if times > 1]
    assert repeated == [], f"docs/{book}.md says these twice, so a citation does not tell which it means."


@pytest.mark.parametrize(
    ("book", "references", "lost"),
    [
        ("stories", "F3, 4.8", []),
        ("stories", "IL7, oddity 22", []),
        ("stories", "IL7, oddity 99", ["oddity 99"]),
        ("stories", "K1 to K6", ["K6"]),
        ("stories", "4.9,\n    # 4.12", ["4.12"]),
        ("promises", "M1 to M10", []),
        ("promises", "3.1, P99", ["P99"]),
        ("promises", "BM1", ["BM1"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(book: str, references: str, lost: list[str]) -> None:
    text = f"# Returns are closed (R2014 2.1; {book} {references}), so nothing is taken."
    assert unresolved(text) == [f"{book} {reference}" for reference in lost]
