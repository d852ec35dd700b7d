"""Which of the database's files, the keys' folder and the mail folder others on this computer may read."""

from collections.abc import Iterator
from pathlib import Path

from surveyapp.foundation.private_files import wide_mode_warning, writable_folder_warning
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine

# What SQLite keeps beside a database, with the same mode as the file at that time.
_BESIDE = ("", "-wal", "-shm", "-journal")
_COPIES = ".before-*"


def file_warnings(*folders: Path) -> list[str]:
    """A sentence with a command for each path of the current app that others may read.

    `folders` hold nothing but files of ours.
    """
    mail_folder = Path(settings().mail_folder) if settings().mail_folder else None
    private_paths = [*folders, *_database_files(), *([mail_folder] if mail_folder else [])]
    warnings = [wide_mode_warning(path) for path in dict.fromkeys(private_paths)]
    # The key file itself is refused when others may read it. Its folder may be one of the system's.
    warnings.append(writable_folder_warning(settings().key_file.parent))
    if mail_folder is not None:
        warnings.append(_letters_warning(mail_folder))
    return [warning for warning in warnings if warning]


def _database_files() -> Iterator[Path]:
    url = engine().url
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    database = Path(url.database)
    yield from (database.with_name(f"{database.name}{ending}") for ending in _BESIDE)
    yield from sorted(database.parent.glob(f"{database.name}{_COPIES}"))


def _letters_warning(mail_folder: Path) -> str:
    """A warning about the first message that others may read: one command mends them all."""
    letters = sorted(mail_folder.glob("*.eml")) if mail_folder.is_dir() else []
    first = next((warning for letter in letters if (warning := wide_mode_warning(letter))), "")
    return f"{first}, and every other message there" if first else ""
