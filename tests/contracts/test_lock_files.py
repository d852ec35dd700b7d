"""The lock files of a server agree with pyproject.toml, and name each package with its hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
NEWEST, LOWEST = (ROOT / "deploy" / name for name in ("requirements.txt", "requirements-lowest.txt"))
SHA_256 = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def pinned(lock_file: Path) -> dict[str, tuple[Version, int]]:
    """Each package of a lock file: its version, and how many hashes it may have."""
    entries = re.findall(r"(?m)^(\S.*(?:\n[ \t]+.*)*)", lock_file.read_text("utf-8"))
    found: dict[str, tuple[Version, int]] = {}
    for entry in entries:
        if not entry.startswith("#"):
            requirement = Requirement(entry.split(" \\\n")[0])
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", entry
            found[canonicalize_name(requirement.name)] = (
                Version(specifier.version),
                len(SHA_256.findall(entry)),
            )
    return found


def declared() -> list[Requirement]:
    """What surveyapp requires, with every extra of a server: those that `make lock` names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = re.findall(r"--extra (\w+)", (ROOT / "Makefile").read_text("utf-8"))
    assert len(extras) > 1
    texts = [*project["dependencies"]]
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock_file", [NEWEST, LOWEST], ids=lambda path: path.name)
def test_a_lock_file_holds_a_version_of_every_declared_package_that_fits(lock_file: Path) -> None:
    versions = pinned(lock_file)
    unfit = [
        str(requirement)
        for requirement in declared()
        if (name := canonicalize_name(requirement.name)) not in versions
        or not requirement.specifier.contains(versions[name][0])
    ]
    assert unfit == [], "Run `make lock`."


@pytest.mark.parametrize("lock_file", [NEWEST, LOWEST], ids=lambda path: path.name)
def test_every_package_of_a_lock_file_has_its_hashes_and_no_address(lock_file: Path) -> None:
    assert [name for name, (_version, hashes) in pinned(lock_file).items() if not hashes] == []
    assert "://" not in lock_file.read_text("utf-8")


def test_the_lowest_lock_file_holds_the_lowest_declared_versions() -> None:
    versions = pinned(LOWEST)
    for requirement in declared():
        bounds = [each.version for each in requirement.specifier if each.operator == ">="]
        # A release that was never made, or was withdrawn, may be followed by the next one.
        chosen = versions[canonicalize_name(requirement.name)][0]
        assert chosen.release[: len(Version(bounds[0]).release)] >= Version(bounds[0]).release
        assert chosen <= pinned(NEWEST)[canonicalize_name(requirement.name)][0]
