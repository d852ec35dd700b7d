"""A host imports five names and one for Celery, and importing them is cheap; every other module may move."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import surveyapp

ROOT = Path(__file__).parents[2]
PACKAGE = Path(surveyapp.__file__).parent
WHAT_HOSTS_READ = ("docs/hosting.md", "README.md", "tests/hosted/host.py", "tests/hosted/journey.py")
FACE = {"Actor", "SurveyApp", "hide_survey_tables", "install_listeners", "signals"}
# The module for hosts that have Celery, which is not installed everywhere, and the names of its two tasks.
CELERY = {"surveyapp.celery", "surveyapp.celery.install", "surveyapp.tick", "surveyapp.drain"}
# Modules named on command lines: the standalone app is a host that we ship.
COMMAND_LINE = {"surveyapp.standalone", "surveyapp.standalone.app", "surveyapp.standalone.celery.worker"}
MODULE = re.compile(r"(?<![\w./-])surveyapp(?:\.[a-z]\w*)+")
IMPORT = re.compile(r"from surveyapp import (?:\(([^)]*)\)|([\w, ]+))")
# Libraries for documents and holidays; each takes a tenth of a second or more to load.
HEAVY = {"docx", "docxtpl", "holidays", "lxml", "openpyxl", "pptx", "resvg_py", "typst", "xlsxwriter"}


def names_outside_the_face(text: str) -> set[str]:
    """The modules of ours and the names imported from surveyapp in a text that are not for hosts."""
    imported = {
        name.strip()
        for match in IMPORT.finditer(text)
        for name in (match[1] or match[2]).split(",")
        if name.strip()
    }
    return (set(MODULE.findall(text)) - COMMAND_LINE - CELERY) | (imported - FACE)


def test_hosts_import_exactly_five_names() -> None:
    assert set(surveyapp.__all__) == FACE
    assert isinstance(surveyapp.signals, ModuleType)


def test_a_host_listens_to_each_signal_by_its_name_in_the_module() -> None:
    for signal in surveyapp.signals.SIGNALS:
        assert getattr(surveyapp.signals, signal.name.replace("-", "_")) is signal


@pytest.mark.parametrize("name", WHAT_HOSTS_READ)
def test_the_documents_for_hosts_name_nothing_but_those_five(name: str) -> None:
    outside = names_outside_the_face((ROOT / name).read_text("utf-8"))
    assert not outside, f"{name} names {sorted(outside)}: hosts import only {sorted(FACE)} from surveyapp."


def test_a_name_that_is_not_for_hosts_is_found() -> None:
    text = "from surveyapp import SurveyApp, settings\nfrom surveyapp.foundation.store.db import session\n"
    assert names_outside_the_face(text) == {"settings", "surveyapp.foundation.store.db"}


def test_no_module_of_ours_imports_from_the_package_itself() -> None:
    """surveyapp/__init__.py imports the modules, so a module that imported from it would make a circle."""
    importers = [
        str(file.relative_to(PACKAGE))
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "surveyapp"
        and {alias.name for alias in node.names} & FACE
    ]
    assert not importers, f"{importers} import from surveyapp itself: import from the module instead."


@pytest.mark.slow
def test_importing_surveyapp_loads_no_document_library() -> None:
    program = "import json, sys, surveyapp; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "surveyapp" in loaded
    assert not HEAVY & loaded, f"Import {sorted(HEAVY & loaded)} in the function that needs it."


def test_hosts_get_type_hints() -> None:
    assert (PACKAGE / "py.typed").is_file()
