"""Compares two checkouts: `python -m tests.versions OLD NEW` exits with 0 if they behave the same.

It compares routes, settings, commands, migrations, tables and rows, the output of commands, exports, emails,
and the pages that a member of staff and a contact can reach in the demonstration.
"""

import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

BEHAVIOUR = Path(__file__).with_name("behaviour.py")
LONGEST_LINE = 200


def behaviour(checkout: Path, file: Path) -> dict[str, object]:
    """The behaviour of a checkout, as behaviour.py writes it to `file`."""
    command = [sys.executable, "-W", "ignore", str(BEHAVIOUR), str(file)]
    paths = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run(command, cwd=checkout, env=paths, check=True, stdout=subprocess.DEVNULL)
    read: dict[str, object] = json.loads(file.read_text("utf-8"))
    return read


def differences(old: object, new: object, place: str = "") -> Iterator[str]:
    """The differences, each as a heading with its place and the lines that differ."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from differences(old.get(key), new.get(key), f"{place} > {key}")
        return
    before, after = (json.dumps(value, indent=1, ensure_ascii=False).splitlines() for value in (old, new))
    yield f"==={place}"
    yield from (line[:LONGEST_LINE] for line in difflib.unified_diff(before, after, lineterm="", n=0))


def main() -> int:
    """Print the differences between two checkouts; returns the exit status."""
    old, new = (Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        before, after = behaviour(old, Path(folder, "old.json")), behaviour(new, Path(folder, "new.json"))
    counts = {name: len(part) if isinstance(part, dict | list) else 1 for name, part in after.items()}
    found = list(differences(before, after))
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"Compared: {counts}. {'They differ.' if found else 'They do the same.'}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
