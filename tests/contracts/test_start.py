"""A command and a server load at their start what they need, and no more.

Each start is a Python of its own, which prints the modules that it has loaded.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from surveyapp.commands import COMMANDS
from surveyapp.commands.late_group import ListedCommand
from surveyapp.foundation.store import schema
from surveyapp.standalone.app import DEMO, STAFF

ROOT = Path(__file__).parents[2]
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
IMPORTED_LATE = set(RUFF["lint"]["flake8-tidy-imports"]["banned-module-level-imports"])
PAGES = {"surveyapp.site_map", "surveyapp.standalone.site_map"}
# What only tests and checks need, and what the libraries above bring with them.
NEVER = {"babel", "lxml", "mako", "PIL", "pygments", "statsmodels"}
COMMAND = """
import sys
from flask.cli import main
sys.argv = ["flask", "--app", "wsgi", "survey", {arguments}]
try:
    main()
except SystemExit:
    pass
"""
FIRST_PAGE = """
from surveyapp.standalone.app import create_app
assert create_app().test_client().get("/").status_code == 200
"""
FIRST_USE_BY_EIGHT_THREADS = """
import threading
from pathlib import Path
from surveyapp.checks.small_number_patterns import COUNT
from surveyapp.defining.form_checks import check_file
form, at_once, found = Path("forms/repeat_child_protection_plans_2014.yaml"), threading.Barrier(8), []
def read():
    at_once.wait()
    found.append((check_file(form)[0], [match[0] for match in COUNT.finditer("Two boys waited.")]))
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert found == [([], ["Two boys"])] * 8, found
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with its tables and without an audit."""
    folder = tmp_path_factory.mktemp("start")
    run_python(folder, COMMAND.format(arguments='"upgrade"'))
    return folder


def run_python(folder: Path, program: str) -> set[str]:
    """Run a program on the installation in a folder; returns the modules that it has loaded."""
    modules = folder / "modules.json"
    report = f"import json, sys\nwith open({str(modules)!r}, 'w') as file: json.dump(list(sys.modules), file)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{report}"],
        cwd=ROOT,
        env=environment | {"SURVEYAPP_FOLDER": str(folder), "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(modules.read_text("utf-8")))


@pytest.mark.slow
def test_help_loads_no_command_no_page_and_no_heavy_library(folder: Path) -> None:
    loaded = run_python(folder, COMMAND.format(arguments='"--help"'))
    assert "surveyapp.commands" in loaded
    assert sorted(loaded & {command.module for command in COMMANDS}) == []
    assert sorted(loaded & (IMPORTED_LATE | PAGES | NEVER)) == []


@pytest.mark.slow
def test_a_command_loads_no_page_and_no_heavy_library(folder: Path) -> None:
    loaded = run_python(folder, COMMAND.format(arguments='"status", "1"'))
    assert "surveyapp.commands.status" in loaded
    assert sorted(loaded & (IMPORTED_LATE | PAGES | NEVER)) == []


@pytest.mark.slow
def test_the_first_page_of_a_server_loads_no_heavy_library(folder: Path) -> None:
    loaded = run_python(folder, FIRST_PAGE)
    assert loaded > PAGES
    assert sorted(loaded & ((IMPORTED_LATE | NEVER) - PAGES)) == []


@pytest.mark.slow
def test_eight_threads_may_be_the_first_to_use_what_is_made_late(folder: Path) -> None:
    assert "alembic" not in run_python(folder, FIRST_USE_BY_EIGHT_THREADS)


@pytest.mark.parametrize("listed", [*COMMANDS, DEMO, STAFF], ids=lambda listed: listed.name)
def test_every_listed_command_is_there_under_its_name(listed: ListedCommand) -> None:
    assert listed.load().name == listed.name
    assert not listed.summary.endswith("...")


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.migrations_folder()))
    assert schema.newest_revision() == ScriptDirectory.from_config(config).get_current_head()
