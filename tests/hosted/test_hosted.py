"""The built wheel runs the whole journey inside a host app and changes nothing of the host's."""

import zipfile
from pathlib import Path

import pytest

from tests.hosted.conftest import run

JOURNEY = Path(__file__).with_name("journey.py")
MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"
LATEST = max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))
NEEDED = (
    "surveyapp/py.typed",
    "surveyapp/templates/survey/layout.html",
    "surveyapp/templates/survey/email/request/body.txt",
    "surveyapp/static/survey/survey.css",
    "surveyapp/static/survey/govuk/govuk-frontend.min.css",
    "surveyapp/static/survey/govuk/govuk-frontend.min.js",
    "surveyapp/migrations/env.py",
    "surveyapp/migrations/versions/0001_the_journey.py",
    "surveyapp/forms/repeat_child_protection_plans_2014.yaml",
    "surveyapp/commands/demonstration/audit.yaml",
    "surveyapp/commands/demonstration/answers.toml",
    "surveyapp/commands/demonstration/briefs.toml",
    "surveyapp/brief/brief.typ",
)


@pytest.fixture
def printed(python: Path, tmp_path: Path) -> list[str]:
    """What the whole journey printed."""
    return run(python, JOURNEY, "journey", tmp_path / "app", cwd=tmp_path).splitlines()


def test_the_wheel_carries_templates_migrations_forms_and_assets(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert not [name for name in NEEDED if name not in names]
    assert not [name for name in names if name.startswith(("tests/", "assets/"))]


def test_the_whole_journey_runs_in_a_host(printed: list[str]) -> None:
    assert "site-packages" in printed[0]
    assert printed[1:] == [
        f"The survey tables are made, at revision {LATEST}.",
        "the host's layout is round our pages",
        "1 of 2 returned",
        "status: Neglect in the host: 1 of 2 returned (50%), 1 outstanding",
        "a receipt for the police, two chasers for the school: [1, 2]",
        "status: Neglect in the host: 1 of 2 returned (50%), 1 outstanding",
        "signals: requests-issued audit-returned chasers-sent chasers-sent returns-closed",
        "visits of the host: 1",
    ]


def test_the_hosts_own_pages_filters_and_handlers_are_unchanged(python: Path, tmp_path: Path) -> None:
    assert run(python, JOURNEY, "own", tmp_path / "app", cwd=tmp_path).splitlines()[1:] == [
        "the host’s own lost page; the host’s own failure page",
        "headers of ours on the host's pages: 0",
        "filter: the host’s own filter",
        "handlers of ours for the whole app: 0",
        "staff command: False",
        "autogenerate sees survey_audit: False, visit: True",
    ]


def test_two_hosts_run_in_one_process(python: Path, tmp_path: Path) -> None:
    assert run(python, JOURNEY, "two", tmp_path / "apps", cwd=tmp_path).splitlines()[1:] == [
        "first shows the audit: True",
        "second shows the audit: False",
        "the same keys: False",
    ]


def test_the_standalone_app_runs_from_the_wheel_alone(python: Path, tmp_path: Path) -> None:
    flask = (python, "-m", "flask", "--app", "surveyapp.standalone.app:create_app", "survey")
    folder = {"SURVEYAPP_FOLDER": str(tmp_path / "var")}
    assert "are made" in run(*flask, "upgrade", cwd=tmp_path, **folder)
    assert "77 of 90 returned (85.6%)" in run(*flask, "demo", cwd=tmp_path, **folder)
    assert "5 forms read, no mistakes." in run(*flask, "check-forms", cwd=tmp_path, **folder)
