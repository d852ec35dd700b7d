"""Reads a tagged PDF as a screen reader does: its structure elements and the words of each."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pikepdf


@dataclass(frozen=True)
class Heard:
    """One structure element: its tag, its own words and its children."""

    tag: str
    words: str
    kids: tuple["Heard", ...]

    def walk(self) -> Iterator["Heard"]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def texts(self) -> list[tuple[str, str]]:
        """Tag and words of each element that has words, in reading order."""
        return [(element.tag, element.words) for element in self.walk() if element.words]


def heard(content: bytes) -> Heard:
    """The structure of a PDF. Fails if a text has no element, or another than the parent tree says."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        marked: dict[tuple[Any, int], str] = {}
        whose: dict[tuple[Any, int], Any] = {}
        spoken = _by_number(pdf.Root.StructTreeRoot.ParentTree)
        for page in pdf.pages:
            texts = _marked(page)
            owners = list(spoken[int(page.obj.StructParents)])
            assert sorted(texts) == list(range(len(owners))), "a marked text belongs to nobody"
            for number, text in texts.items():
                marked[page.obj.objgen, number] = text
                whose[page.obj.objgen, number] = owners[number].objgen
        document = _element(pdf.Root.StructTreeRoot.K, pdf.Root.StructTreeRoot, marked, whose)
        assert not marked, "a marked text stands in no element"
        return document


def _by_number(tree: Any) -> dict[int, Any]:
    by_number: dict[int, Any] = {}
    for branch in tree.Kids:
        pairs = list(branch.Nums)
        numbers = [int(number) for number in pairs[::2]]
        assert [int(number) for number in branch.Limits] == [numbers[0], numbers[-1]]
        by_number |= dict(zip(numbers, pairs[1::2], strict=True))
    return by_number


def _marked(page: Any) -> dict[int, str]:
    """The texts of a page by marked-content id, without the footer. Fails for text without a mark."""
    texts: dict[int, str] = {}
    mark: int | str | None = None
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = cast("Any", instruction).operands, str(instruction.operator)
        if name == "BDC":
            assert mark is None, "marks lie inside one another"
            mark = "foot" if str(operands[0]) == "/Artifact" else int(operands[1]["/MCID"])
            if isinstance(mark, int):
                texts[mark] = ""
        elif name == "EMC":
            mark = None
        elif name in {"'", "Tj"}:
            assert mark is not None, "text outside of any mark"
            if isinstance(mark, int):
                texts[mark] += bytes(operands[0]).decode("utf-16-be")
        else:
            assert name in {"BT", "ET", "Tf", "TL", "g", "Tm", "q", "Q", "cm", "Do"}, name
    return texts


def _element(
    element: Any, parent: Any, marked: dict[tuple[Any, int], str], whose: dict[tuple[Any, int], Any]
) -> Heard:
    assert element.P.objgen == parent.objgen, "an element hangs elsewhere than it says"
    kids = element.get("/K", [])
    words, children = "", []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            place = (element.Pg.objgen, int(kid))
        elif "/MCID" in kid:
            place = (kid.Pg.objgen, int(kid.MCID))
        else:
            children.append(_element(kid, element, marked, whose))
            continue
        assert whose[place] == element.objgen, "a text belongs to another element than it says"
        words += marked.pop(place)
    return Heard(str(element.S)[1:], words, tuple(children))
