"""Paths of the standalone app’s database, keys and mail folder."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StoragePaths:
    """Paths of the standalone app's database, keys and mail folder."""

    folder: Path

    @property
    def data(self) -> Path:
        """The folder of the SQLite database."""
        return self.folder / "data"

    @property
    def database(self) -> str:
        """The URL of the SQLite database."""
        return f"sqlite:///{self.data / 'surveyapp.sqlite'}"

    @property
    def key_file(self) -> Path:
        """The key file; outside the data folder, so that a copy of the data cannot be decrypted."""
        return self.folder / "keys.json"

    @property
    def mail(self) -> Path:
        """The folder for emails while no mail server is set."""
        return self.folder / "mail"


def storage_paths() -> StoragePaths:
    """Paths below SURVEYAPP_FOLDER, by default `var` in the working directory."""
    return StoragePaths(Path(os.environ.get("SURVEYAPP_FOLDER") or "var").absolute())


def folders_of_ours() -> tuple[Path, ...]:
    """The folders that hold nothing but files of ours, unless a setting names others."""
    paths = storage_paths()
    return (paths.folder, paths.data)
