"""The page contract: the rules for every page, checked on each page that a test fetches.

Straight quotes and apostrophes are faults in our copy but not in text that people typed: elements with the
attribute data-typed are left out, and so are textarea, code and pre.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import html5lib
from html5lib.constants import E

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_UNLABELLED = frozenset(("hidden", "submit", "button", "reset", "image"))
_NOT_COPY = frozenset(("script", "style", "textarea", "code", "pre", "title", "svg"))
_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
_STYLESHEET = (
    Path(__file__).parents[1] / "surveyapp" / "static" / "survey" / "govuk" / "govuk-frontend.min.css"
)
_FAULTLESS = Path(__file__).parents[1] / ".pytest_cache" / f"html5lib-{html5lib.__version__}-finds-no-error"
# In bytes: the structures of some fifty thousand pages, of which one run has two thousand.
LARGEST_FAULTLESS = 3_000_000
# Classes that scripts look for, and classes for which GOV.UK Frontend has no rules.
_UNSTYLED = frozenset(("govuk-js-character-count", "govuk-js-service-navigation-toggle"))
_STRAIGHT = re.compile(r"[^\n]{0,20}['\"][^\n]{0,20}")


@lru_cache(maxsize=1)
def _components() -> frozenset[str]:
    """The components of GOV.UK Frontend that our stylesheet has: classes without element and modifier."""
    names = re.findall(r"\.(govuk-[\w\\!-]+)", _STYLESHEET.read_text(encoding="utf-8"))
    return frozenset(re.split("__|--", name.replace("\\", ""))[0] for name in names)


@dataclass
class _Form:
    """The parts of a form that the contract checks."""

    method: str
    action: str
    has_token: bool = False
    stays_until_sent: bool = False
    has_long_text: bool = False


@dataclass
class _Page(HTMLParser):
    """Collects the parts of a page that the rules check, in one pass."""

    faults: list[str] = field(default_factory=list)
    language: str = ""
    title: str | None = None
    headings: list[str] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    label_targets: list[str] = field(default_factory=list)
    described_by: list[tuple[str, str]] = field(default_factory=list)
    summary_links: list[str] = field(default_factory=list)
    inputs: list[tuple[str, dict[str, str], bool]] = field(default_factory=list)
    forms: list[_Form] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    summary_depth: int = 0
    in_title: bool = False
    in_heading: bool = False
    first_cells: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._exempt_depths: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check an opening tag, and collect what the rules need."""
        attributes = {name: value or "" for name, value in attrs}
        self._check_attributes(tag, attributes)
        if tag not in _VOID:
            self.open.append(tag)
            depth = len(self.open)
            if "data-typed" in attributes or tag in _NOT_COPY:
                self._exempt_depths.append(depth)
            if not self.summary_depth and "govuk-error-summary" in attributes.get("class", "").split():
                self.summary_depth = depth
        self._check_element(tag, attributes)
        self._gather(tag, attributes)

    def _check_element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "th" and attributes.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            self.faults.append('Give each <th> a scope, "col" or "row", for screen readers.')
        elif tag == "img" and "alt" not in attributes:
            self.faults.append(
                f"Give the picture {attributes.get('src')} an alt text, empty if it only decorates."
            )
        elif tag == "style" or (tag == "script" and not attributes.get("src")):
            self.faults.append(f"Move the inline <{tag}> to survey.css or survey.js: our policy forbids it.")

    def _check_attributes(self, tag: str, attributes: dict[str, str]) -> None:
        for name in attributes:
            if name == "style":
                self.faults.append(
                    f"Take the style attribute off <{tag}>: our policy forbids it; use a class."
                )
            elif name.startswith("on"):
                self.faults.append(f"Take {name} off <{tag}>: our policy forbids it; listen in survey.js.")
        for name in attributes.get("class", "").split():
            component = re.split("__|--", name)[0]
            if name.startswith("govuk-") and component not in _components() | _UNSTYLED:
                self.faults.append(
                    f"Add {component} to COMPONENTS in assets/build_hook.py, and install again."
                )
        where = attributes.get(_LOADED.get(tag, ""), "")
        if where.startswith(("http:", "https:", "//")):
            self.faults.append(f"Load {where} from our own static folder: no page asks third parties.")
        if attributes.get("href", "").strip().lower().startswith("javascript:"):
            self.faults.append(f"Give <{tag}> a real address: our policy forbids {attributes['href']}.")
        if attributes.get("id"):
            self.ids[attributes["id"]] = self.ids.get(attributes["id"], 0) + 1
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.described_by.extend((name, target) for target in attributes.get(name, "").split())

    def _gather(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag == "title" and "svg" not in self.open:
            self.in_title, self.title = True, ""
        elif tag == "h1":
            self.in_heading = True
            self.headings.append("")
        elif tag == "label" and attributes.get("for"):
            self.label_targets.append(attributes["for"])
        elif tag == "form":
            self.forms.append(
                _Form(
                    attributes.get("method", "get").lower(),
                    attributes.get("action", ""),
                    stays_until_sent="data-leave-warning" in attributes,
                )
            )
        elif tag == "a" and self.summary_depth:
            self.summary_links.append(attributes.get("href", ""))
        if tag in {"input", "select", "textarea"}:
            self.inputs.append((tag, attributes, "label" in self.open))
            if tag == "textarea" and "form" in self.open:
                self.forms[-1].has_long_text = True
            if attributes.get("name") == "csrf_token" and attributes.get("value") and "form" in self.open:
                self.forms[-1].has_token = True

    def handle_endtag(self, tag: str) -> None:
        """Close an element and all elements left open inside it."""
        if tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            depth = len(self.open)
            if self._exempt_depths and self._exempt_depths[-1] > depth:
                self._exempt_depths.pop()
            if self.summary_depth > depth:
                self.summary_depth = 0
            if closed == tag:
                break
        self.in_title = self.in_title and tag != "title"
        self.in_heading = self.in_heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        """Collect visible text and the title, and check its quotation marks."""
        if self.in_title:
            self.title = (self.title or "") + data
        if self.in_heading:
            self.headings[-1] += data
        if not self._exempt_depths and ("'" in data or '"' in data):
            match = _STRAIGHT.search(data)
            quoted = match.group().strip() if match else data.strip()
            self.faults.append(
                f"Write curly quotes in “{quoted}”; if people typed it, put data-typed on its element."
            )


def check_page(html: str, *, path: str) -> list[str]:
    """The faults of a page, as sentences that say how to mend them; empty if it keeps the contract."""
    page = _Page()
    page.feed(html)
    page.close()
    faults = [
        *_html5_errors(_bare_structure(html)),
        *_about_the_heading(page),
        *_about_links_inside(page),
        *_about_inputs(page),
        *_about_forms(page, path),
        *page.faults,
    ]
    return [f"{path}: {words}" for words in dict.fromkeys(faults)]


def _about_the_heading(page: _Page) -> list[str]:
    faults = []
    if not page.language:
        faults.append('Say the language of the page: <html lang="en">.')
    if len(page.headings) != 1:
        return [*faults, f"Give the page one h1; it has {len(page.headings)}."]
    heading = _one_line(page.headings[0])
    title = _one_line(page.title or "")
    if not heading:
        faults.append("Put words into the h1.")
    if not title.removeprefix("Error: ").startswith(heading):
        faults.append(f"Begin the title with the h1, “{heading}”; it is “{title}”.")
    if page.summary_links and not title.startswith("Error: "):
        faults.append("Begin the title with “Error: ” over an error summary: give the layout `errors`.")
    return faults


def _about_links_inside(page: _Page) -> list[str]:
    faults = [
        f"Give id “{name}” to one element only; {times} have it."
        for name, times in page.ids.items()
        if times > 1
    ]
    faults += [
        f"A label is for “{name}”, which is no id of the page: give the field that id."
        for name in page.label_targets
        if name not in page.ids
    ]
    faults += [
        f"{attribute} names “{name}”, which is no id of the page: give the hint or message that id."
        for attribute, name in page.described_by
        if name not in page.ids
    ]
    faults += [
        f"Let the error summary lead to a field of the page; “{href}” leads to none."
        for href in page.summary_links
        if not href.startswith("#") or href[1:] not in page.ids
    ]
    return faults


def _about_inputs(page: _Page) -> list[str]:
    labelled = set(page.label_targets)
    return [
        f"Label the {tag} named “{attributes.get('name', '')}”: a <label for> its id, or an aria-label."
        for tag, attributes, within_label in page.inputs
        if attributes.get("type", "text").lower() not in _UNLABELLED
        and not within_label
        and attributes.get("id") not in labelled
        and not (attributes.get("aria-label") or attributes.get("aria-labelledby"))
    ]


def _about_forms(page: _Page, path: str) -> list[str]:
    posted = [form for form in page.forms if form.method == "post"]
    faults = [
        f"Put {{{{ csrf_field() }}}} into the form that posts to “{form.action}”."
        for form in posted
        if not form.has_token
    ]
    faults += [
        f"Put data-leave-warning on the form with a long text that posts to “{form.action}”, for send.js."
        for form in posted
        if form.has_long_text and not form.stays_until_sent
    ]
    # With the page's own address, Back leads past the text once the server was away.
    return faults + [
        "Give the form with a long text action=“{{ send_address() }}”: with the page’s, Back loses the text."
        for form in posted
        if form.has_long_text and form.action in {"", path}
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


_WORDS = re.compile(r"(?<=>)[^<>&]*[^<>&\s][^<>&]*(?=<)")
# The parser treats an element differently for the values of these attributes alone.
_VALUES = re.compile(r"(\s(?!type=|encoding=|xmlns)[a-z][a-z-]*)=\"[^\"<>&]*\"")
_SPACES = re.compile(r"\s+")


def _bare_structure(html: str) -> str:
    """The markup with plain texts as "x", values empty and spaces single, so that like pages become the same.

    Texts and values that contain a character with a meaning in HTML stay, since only they can be wrong.
    """
    return _SPACES.sub(" ", _VALUES.sub(r'\1=""', _WORDS.sub("x", html)))


def _html5_errors(structure: str) -> tuple[str, ...]:
    """The errors of a strict HTML5 parser, each with the markup before it.

    Parsing takes ten milliseconds, so structures without an error are kept from one run to the next.
    """
    digest = hashlib.sha256(structure.encode()).hexdigest()
    if digest in faultless():
        return ()
    parser = html5lib.HTMLParser(
        tree=html5lib.treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False
    )
    parser.parse(structure)
    errors = tuple(
        f"Mend the HTML: {E[code] % words} It stands after “{_before(structure, column)}”."
        for (_line, column), code, words in parser.errors
    )
    if not errors:
        faultless().add(digest)
        with _FAULTLESS.open("a", encoding="ascii") as file:
            file.write(f"{digest}\n")
    return errors


@lru_cache(maxsize=1)
def faultless() -> set[str]:
    """The digests of the structures in which the parser has found no error, in this run or an earlier one."""
    _FAULTLESS.parent.mkdir(exist_ok=True)
    if not _FAULTLESS.exists() or _FAULTLESS.stat().st_size > LARGEST_FAULTLESS:
        _FAULTLESS.write_text("", encoding="ascii")
    return set(_FAULTLESS.read_text("ascii").splitlines())


def _before(structure: str, column: int) -> str:
    """The 60 characters of markup that end at this place."""
    return structure[: column + 1][-60:]
